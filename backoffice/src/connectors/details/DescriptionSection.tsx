// What the connector is for, in full (S12), and the documentation that its bundle brings (S22).
import { Alert, Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Loaded } from '../../parts/States';
import type { ConnectorDetails } from '../api';
import { useDocumentation } from './documentation';
import MarkdownText from './MarkdownText';

export default function DescriptionSection({ connector }: { connector: ConnectorDetails }) {
  return (
    <Stack gap="md">
      <Title order={2} size="h4">
        Description
      </Title>
      <MarkdownText text={connector.description} />
      <Facts connector={connector} />
      {connector.installed && <Documentation connector={connector} />}
    </Stack>
  );
}

function Facts({ connector: { category, engine, quota, modules } }: { connector: ConnectorDetails }) {
  const facts = [
    ...(category === '' ? [] : [`Category: ${category}`]),
    ...(modules.length === 0 ? [] : [`Modules: ${modules.join(', ')}`]),
    ...(engine === null ? [] : [`Needs engine ${engine}`]),
    ...(quota === null ? [] : [`Call rates: ${quota.name}${quota.isCustom ? ' (changed here)' : ''}`]),
  ];
  return (
    <Text size="sm" c="dimmed" className="page-heading">
      {facts.join(' · ')}
    </Text>
  );
}

function Documentation({ connector }: { connector: ConnectorDetails }) {
  const query = useDocumentation(connector.name, connector.installedVersion);
  return (
    <section aria-labelledby="documentation">
      <Stack gap="sm">
        <Title order={2} size="h4" id="documentation">
          Documentation
        </Title>
        <ExtraConfiguration connector={connector} />
        <Loaded query={query} what="the documentation">
          {text => (text === null ? <Text c="dimmed">This connector brings no documentation of its own.</Text> : <MarkdownText text={text} />)}
        </Loaded>
      </Stack>
    </section>
  );
}

/** S22: whether something is still to be done before people can use it. */
export function ExtraConfiguration({ connector: { auth } }: { connector: ConnectorDetails }) {
  if (auth === null || auth.requiredKeys.length === 0) {
    return <Text size="sm">No extra configuration is needed{auth === null ? '.' : ': people connect their accounts when they use it.'}</Text>;
  }
  const keys = new Intl.ListFormat('en').format(auth.requiredKeys);
  return auth.configured ? (
    <Text size="sm">Configured: {keys} are set, so that people can connect their accounts.</Text>
  ) : (
    <Alert color="orange" title="Extra configuration is needed">
      <Text size="sm">
        Before anybody can connect an account, set {keys} of the service {auth.service} under{' '}
        <Anchor component={Link} to="?section=configuration" size="sm" underline="always" c="inherit">
          Configuration
        </Anchor>
        .
      </Text>
    </Alert>
  );
}
