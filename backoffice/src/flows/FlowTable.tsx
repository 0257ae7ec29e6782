import { Anchor, Badge, Checkbox, Group, Stack, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Selection } from '../parts/selection';
import { SelectHead, SpokenHead, TableHead } from '../parts/TableHead';
import { Time } from '../parts/Time';
import type { FlowRow } from './api';
import { type InstalledConnectors, usedConnectors, useInstalledConnectors } from './connectors';
import { useOwners } from './owners';
import { RowMenu } from './RowMenu';
import { StageBadge } from './StageBadge';

interface Props {
  rows: FlowRow[];
  admin: boolean;
  /** Without one rows cannot be chosen. */
  selection?: Selection;
}

export function FlowTable({ rows, admin, selection }: Props) {
  const { data: installed = {} } = useInstalledConnectors();
  const owners = useOwners(admin ? rows.map(({ userId }) => userId) : []);
  return (
    <Table.ScrollContainer minWidth={960} type="native" pos="relative" tabIndex={0} role="region" aria-label="Table of flows">
      <Table verticalSpacing="xs" highlightOnHover>
        <TableHead
          columns={[
            selection && <SelectHead selection={selection} what="flows" />,
            'Name',
            admin && 'Owner',
            'Type',
            'Status',
            'Connectors',
            'Needs attention',
            'Last change',
            <SpokenHead w={50}>Actions</SpokenHead>,
          ]}
        />
        <Table.Tbody>
          {rows.map(row => (
            <Row key={row.flowId} row={row} owner={admin ? (owners[row.userId] ?? '…') : undefined} installed={installed} selection={selection} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  row: FlowRow;
  owner?: string;
  installed: InstalledConnectors;
  selection?: Selection;
}

function Row({ row, owner, installed, selection }: RowProps) {
  const chosen = selection?.has(row.flowId) ?? false;
  return (
    <Table.Tr bg={chosen ? 'var(--mantine-color-default-hover)' : undefined}>
      {selection && (
        <Table.Td>
          <Checkbox aria-label={`Select ${row.name}`} checked={chosen} onChange={() => selection.toggle(row.flowId)} />
        </Table.Td>
      )}
      <Table.Td maw={280}>
        <Anchor component={Link} to={`/flows/${row.flowId}`} size="sm" fw={500} style={{ overflowWrap: 'break-word' }}>
          {row.name}
        </Anchor>
      </Table.Td>
      {owner !== undefined && <Table.Td style={{ overflowWrap: 'break-word' }}>{owner}</Table.Td>}
      <Table.Td>{typeName(row.type)}</Table.Td>
      <Table.Td>
        <StageBadge stage={row.stage} />
      </Table.Td>
      <Table.Td>
        <Connectors row={row} installed={installed} />
      </Table.Td>
      <Table.Td>
        <AttentionCell row={row} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Time at={row.mtime} />
      </Table.Td>
      <Table.Td>
        <RowMenu row={row} />
      </Table.Td>
    </Table.Tr>
  );
}

function Connectors({ row, installed }: { row: FlowRow; installed: InstalledConnectors }) {
  const used = usedConnectors(row.flow, installed);
  if (used.length === 0) {
    return <Text size="sm">None</Text>;
  }
  return (
    <Stack gap={2}>
      {used.map(connector => (
        <Group key={connector.name} gap={6} wrap="nowrap">
          <Text size="sm">
            {connector.label} <bdi dir="ltr">{connector.versions.join(', ')}</bdi>
          </Text>
          {!connector.installed && (
            <Badge size="sm" color="gray" variant="outline" miw="max-content">
              Not available
            </Badge>
          )}
        </Group>
      ))}
    </Stack>
  );
}

function AttentionCell({ row: { attention = [] } }: { row: FlowRow }) {
  if (attention.length === 0) {
    return <Text size="sm">No</Text>;
  }
  const [first] = attention;
  return (
    <Stack gap={2} maw={260}>
      <Badge color="orange" variant="dot" size="sm" miw="max-content">
        Needs attention
      </Badge>
      <Text size="xs" lineClamp={2} title={attention.map(({ message }) => message).join('\n')}>
        {first!.message}
        {attention.length > 1 ? ` And ${attention.length - 1} more.` : ''}
      </Text>
    </Stack>
  );
}

/** "automation", "integration-template" … as people say it. */
function typeName(type: string): string {
  const [kind, role] = type.split('-');
  return role === undefined ? type : `${kind} (${role})`;
}
