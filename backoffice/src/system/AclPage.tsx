// System → ACL: all access rules, of components and of routes, in the order in which the server keeps them.
import { Divider, Stack, Tabs } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { Page } from '../parts/Page';
import { Loaded } from '../parts/States';
import { type RuleType, useRules } from './acl/api';
import { RuleEditor } from './acl/RuleEditor';
import { Simulator } from './acl/Simulator';

const ABOUT: Record<RuleType, string> = {
  components: 'Who may see and use which connectors. A person has the rules of all his roles; what one of them forbids stays forbidden.',
  routes: 'Who may call which parts of the API. Administrators can always change these rules.',
};

export default function AclPage() {
  const [params, setParams] = useSearchParams();
  const type: RuleType = params.get('type') === 'routes' ? 'routes' : 'components';
  return (
    <Page title="ACL" about={ABOUT[type]}>
      <Tabs value={type} onChange={value => setParams(value === 'routes' ? { type: 'routes' } : {})} keepMounted={false}>
        <Tabs.List aria-label="Type of rules">
          <Tabs.Tab value="components">Components</Tabs.Tab>
          <Tabs.Tab value="routes">Routes</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={type} pt="md">
          <Stack gap="lg">
            <Rules key={type} type={type} />
            {type === 'components' && (
              <>
                <Divider />
                <Simulator />
              </>
            )}
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Rules({ type }: { type: RuleType }) {
  return (
    <Loaded query={useRules(type)} what="the rules">
      {rules => <RuleEditor type={type} stored={rules} />}
    </Loaded>
  );
}
