// Versions installed, kept and on offer, newest first. What a row leads to is the review of the change, never the change itself.
import { Button, Group, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Loaded } from '../../parts/States';
import { Time } from '../../parts/Time';
import { type ConnectorDetails, type ConnectorVersion, useVersions } from '../api';
import { Chip, InstalledBadge } from '../ConnectorBadges';
import { DownloadButton } from './DownloadButton';
import { ScrollingTable } from './ScrollingTable';

export default function VersionsSection({ connector }: { connector: ConnectorDetails }) {
  return (
    <Stack gap="md">
      <Title order={2} size="h4">
        Versions
      </Title>
      <Loaded query={useVersions(connector.name)} what="the versions">
        {versions => {
          const installedAt = versions.findIndex(({ installed }) => installed);
          return (
            <ScrollingTable label="Versions" columns={['Version', 'State', 'Engine', 'Installed', 'Action']}>
              {versions.map((version, at) => (
                <VersionRow
                  key={version.revision ?? version.version}
                  name={connector.name}
                  version={version}
                  verb={installedAt < 0 ? 'Install' : at < installedAt ? 'Update' : 'Downgrade'}
                />
              ))}
            </ScrollingTable>
          );
        }}
      </Loaded>
    </Stack>
  );
}

function VersionRow({ name, version: row, verb }: { name: string; version: ConnectorVersion; verb: string }) {
  const { version, revision, installed, trashed, offered, engine, compatible } = row;
  return (
    <Table.Tr>
      <Table.Td dir="ltr">{version}</Table.Td>
      <Table.Td>
        <Group gap={6}>
          {installed && <InstalledBadge />}
          {trashed && <Chip color="gray">In the trash</Chip>}
          {offered && <Chip color="blue">In a catalogue</Chip>}
          {!installed && !trashed && revision !== null && <Chip color="gray">Kept</Chip>}
        </Group>
      </Table.Td>
      <Table.Td>
        {engine ?? 'Any'}
        {!compatible && <Text size="xs">Does not fit this server</Text>}
      </Table.Td>
      <Table.Td>
        <Time at={row.installedAt} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          {!installed && compatible && (
            <Button
              component={Link}
              to={`/connectors/${name}/review?to=${encodeURIComponent(version)}`}
              size="compact-sm"
              variant="default"
              aria-label={`${verb} to ${version} …`}
            >
              {verb} …
            </Button>
          )}
          <DownloadButton name={name} version={version} compact />
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
