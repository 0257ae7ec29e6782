// One connector: what it is, what can be done with it, and its sections, each with an address (?section=changelog).
import { Alert, Anchor, Group, Stack, Tabs, Text } from '@mantine/core';
import { type ComponentType, lazy, Suspense } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { ApiError } from '../api/call';
import { Page } from '../parts/Page';
import { Empty, Loaded, Loading } from '../parts/States';
import { ConnectorActions } from '../updates/ConnectorActions';
import { type ConnectorDetails, useConnector } from './api';
import { ConnectorBadges, InstalledBadge } from './ConnectorBadges';
import { ConnectorIcon } from './ConnectorIcon';
import { DownloadButton } from './details/DownloadButton';

interface Section {
  id: string;
  label: string;
  Content: ComponentType<{ connector: ConnectorDetails }>;
  /** Of what is installed only. */
  installed?: boolean;
}

const SECTIONS: Section[] = [
  { id: 'description', label: 'Description', Content: lazy(() => import('./details/DescriptionSection')) },
  { id: 'components', label: 'Components', Content: lazy(() => import('./details/ComponentsSection')) },
  { id: 'changelog', label: 'Changelog', Content: lazy(() => import('./details/ChangelogSection')) },
  { id: 'access', label: 'Access Control', Content: lazy(() => import('./access/AccessSection')), installed: true },
  { id: 'configuration', label: 'Configuration', Content: lazy(() => import('./details/ConfigurationSection')), installed: true },
  { id: 'usage', label: 'Usage', Content: lazy(() => import('./details/UsageSection')) },
  { id: 'versions', label: 'Versions', Content: lazy(() => import('./details/VersionsSection')) },
  { id: 'activity', label: 'Activity', Content: lazy(() => import('./details/ActivitySection')) },
];

export default function ConnectorPage() {
  const { name = '' } = useParams();
  const query = useConnector(name);
  if (query.error instanceof ApiError && query.error.status === 404) {
    return <Unknown name={name} />;
  }
  if (query.data === undefined) {
    return (
      <Page title={name}>
        <Loaded query={query} what="the connector">
          {() => null}
        </Loaded>
      </Page>
    );
  }
  const connector = query.data;
  return (
    <Page title={connector.label} about={<About connector={connector} />}>
      <Loaded query={query} what="the connector">
        {() => (
          <>
            <Header connector={connector} />
            <Sections connector={connector} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** S23. */
function About({ connector: { name, vendor, installedVersion, availableVersion } }: { connector: ConnectorDetails }) {
  const states = [
    ...(installedVersion === null ? ['not installed'] : [`installed ${installedVersion}`]),
    ...(availableVersion === null ? [] : [`latest ${availableVersion}`]),
  ];
  return (
    <>
      <Text span>
        {name} · by {vendor}
      </Text>
      <br />
      <Text span fw={600} dir="ltr">
        {states.join(' – ')}
      </Text>
    </>
  );
}

function Header({ connector }: { connector: ConnectorDetails }) {
  const broken = connector.components.filter(({ loadError }) => loadError !== undefined).length;
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <ConnectorIcon src={connector.icon} label={connector.label} size={48} />
        {connector.installed && <InstalledBadge />}
        <ConnectorBadges connector={connector} />
      </Group>
      {broken > 0 && (
        <Alert color="red" title={broken === 1 ? 'One component does not load' : `${broken} components do not load`}>
          <Text size="sm">
            Flows that use such a component cannot be started.{' '}
            <Anchor component={Link} to="?section=components" size="sm" underline="always" c="inherit">
              See the components
            </Anchor>
          </Text>
        </Alert>
      )}
      <Group gap="xs">
        <ConnectorActions connector={connector} />
        <DownloadButton name={connector.name} version={connector.installedVersion ?? connector.availableVersion} />
      </Group>
    </Stack>
  );
}

function Sections({ connector }: { connector: ConnectorDetails }) {
  const [params, setParams] = useSearchParams();
  const sections = SECTIONS.filter(({ installed }) => connector.installed || !installed);
  const shown = sections.find(({ id }) => id === params.get('section')) ?? sections[0]!;
  return (
    <Tabs
      value={shown.id}
      onChange={id => setParams(id === null || id === sections[0]!.id ? {} : { section: id }, { replace: true })}
      keepMounted={false}
    >
      <Tabs.List aria-label="About this connector" mb="md">
        {sections.map(({ id, label }) => (
          <Tabs.Tab key={id} value={id}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {sections.map(({ id, label, Content }) => (
        <Tabs.Panel key={id} value={id}>
          <Suspense fallback={<Loading what={label} />}>
            <Content connector={connector} />
          </Suspense>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

function Unknown({ name }: { name: string }) {
  return (
    <Page title="No such connector">
      <Empty
        title={`There is no connector “${name}” (404)`}
        text="It is neither installed nor in a catalogue of this server. A custom one that was removed is kept in the trash for 30 days."
      >
        <Anchor component={Link} to="/connectors" underline="always">
          All connectors
        </Anchor>
      </Empty>
    </Page>
  );
}
