// Earlier versions of a flow: what has changed since, and the way back to one of them.
import { Button, Grid, Group, NavLink, Stack, Text, Title } from '@mantine/core';
import { IconRestore, IconRoute } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link, useParams } from 'react-router';
import { useAddress } from '../parts/address';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { done } from '../parts/notify';
import { Page } from '../parts/Page';
import { Empty, Loaded } from '../parts/States';
import { Time } from '../parts/Time';
import { type FlowRow, useFlow } from './api';
import { differences } from './flow_difference';
import { FlowDifference } from './FlowDifference';
import { type FlowVersion, type KeptFlow, restoreVersion, useVersion, useVersions } from './versions_api';

const KINDS = { update: 'Before a change', manual: 'Kept by hand', autosave: 'Saved by itself' };

export default function VersionsPage() {
  const { flowId = '' } = useParams();
  const query = useFlow(flowId);
  return (
    <Page
      title={query.data === undefined ? 'Versions' : `Versions of “${query.data.name}”`}
      about="Each change keeps what the flow was before it."
      actions={
        <Button component={Link} to={`/flows/${flowId}`} variant="default" leftSection={<IconRoute size={16} aria-hidden />}>
          Open in Designer
        </Button>
      }
    >
      <Loaded query={query} what="the flow">
        {flow => <Versions flow={flow} />}
      </Loaded>
    </Page>
  );
}

function Versions({ flow }: { flow: FlowRow }) {
  const query = useVersions(flow.flowId);
  const address = useAddress();
  return (
    <Loaded query={query} what="versions">
      {({ items }) => {
        const [newest] = items;
        if (newest === undefined) {
          return <Empty title="No earlier versions" text="The flow has not been changed since it was made." />;
        }
        const chosen = items.find(({ versionId }) => versionId === address.get('version')) ?? newest;
        return (
          <Grid>
            <Grid.Col span={{ base: 12, sm: 4, lg: 3 }}>
              <VersionList items={items} chosen={chosen} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, sm: 8, lg: 9 }}>
              <Chosen flow={flow} version={chosen} />
            </Grid.Col>
          </Grid>
        );
      }}
    </Loaded>
  );
}

function VersionList({ items, chosen }: { items: FlowVersion[]; chosen: FlowVersion }) {
  return (
    <Stack component="ul" gap={2} p={0} m={0} style={{ listStyle: 'none' }} aria-label="Versions">
      {items.map(({ versionId, versionNumber, type, label, btime }) => (
        <li key={versionId}>
          <NavLink
            component={Link}
            to={`?version=${versionId}`}
            replace
            active={versionId === chosen.versionId}
            aria-current={versionId === chosen.versionId}
            label={label ?? `Version ${versionNumber}`}
            description={
              <>
                {KINDS[type]}, <Time at={btime} />
              </>
            }
          />
        </li>
      ))}
    </Stack>
  );
}

function Chosen({ flow, version }: { flow: FlowRow; version: FlowVersion }) {
  const query = useVersion(flow.flowId, version.versionId);
  return (
    <Loaded query={query} what="the version">
      {kept => <Compared flow={flow} kept={kept} />}
    </Loaded>
  );
}

function Compared({ flow, kept }: { flow: FlowRow; kept: KeptFlow }) {
  const [asked, setAsked] = useState(false);
  const found = useMemo(() => differences(kept.flow, flow.flow), [kept, flow]);
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={2} size="h4">
            {kept.label ?? `Version ${kept.versionNumber}`}
          </Title>
          <Text size="sm">
            What has changed since, up to the flow as it is now.
          </Text>
        </div>
        <Button leftSection={<IconRestore size={16} aria-hidden />} disabled={found.length === 0} onClick={() => setAsked(true)}>
          Restore this version
        </Button>
      </Group>
      {found.length === 0 ? (
        <Text>Nothing: the flow is as this version is.</Text>
      ) : (
        <FlowDifference differences={found} label="Changes since this version" />
      )}
      <Restore flow={flow} kept={kept} count={found.length} opened={asked} close={() => setAsked(false)} />
    </Stack>
  );
}

interface RestoreProps {
  flow: FlowRow;
  kept: KeptFlow;
  count: number;
  opened: boolean;
  close: () => void;
}

function Restore({ flow, kept, count, opened, close }: RestoreProps) {
  const client = useQueryClient();
  const running = flow.stage === 'running' || flow.stage === 'starting';
  const name = kept.label ?? `version ${kept.versionNumber}`;
  return (
    <ConfirmDialog
      opened={opened}
      title={`Restore ${name} of “${flow.name}”?`}
      verb={running ? 'Restore and restart' : 'Restore'}
      color="blue"
      close={close}
      confirm={async () => {
        await restoreVersion(flow.flowId, kept.versionId, running);
        await client.invalidateQueries({ queryKey: ['flows'] });
        done(`“${flow.name}” is as ${name} was.`);
      }}
    >
      <Text>
        Changes to {count === 1 ? '1 component' : `${count} components`} since then are taken back. The flow as it is now is kept as a version too, so
        that you can return to it.
        {running ? ' The flow is running: it is stopped and started again.' : ''}
      </Text>
    </ConfirmDialog>
  );
}
