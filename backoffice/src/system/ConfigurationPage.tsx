// Settings of the server, and those that connectors read.
import { Tabs } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { Page } from '../parts/Page';
import { ServiceSettingsList } from './configuration/ServiceSettings';
import { SystemSettings } from './configuration/SystemSettings';

export default function ConfigurationPage() {
  const [params, setParams] = useSearchParams();
  const tab = params.get('tab') === 'services' ? 'services' : 'system';
  return (
    <Page title="Configuration" about="Changes count at once, unless a setting says otherwise.">
      <Tabs value={tab} onChange={value => setParams(value === 'services' ? { tab: 'services' } : {})} keepMounted={false}>
        <Tabs.List aria-label="Whose configuration">
          <Tabs.Tab value="system">Server</Tabs.Tab>
          <Tabs.Tab value="services">Connectors’ services</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value={tab} pt="md">
          {tab === 'services' ? <ServiceSettingsList /> : <SystemSettings />}
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
