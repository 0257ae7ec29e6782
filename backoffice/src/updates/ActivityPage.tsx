// Operations on connectors, newest first. The server keeps them for 30 days, the last of each connector for ever.
import { Anchor, Button, Group, Select, Stack, Table, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { useAddress } from '../parts/address';
import { announce } from '../parts/announce';
import { Page } from '../parts/Page';
import { PersonName } from '../parts/PersonName';
import { Empty, Loaded } from '../parts/States';
import { TableHead } from '../parts/TableHead';
import { Time } from '../parts/Time';
import { useConnectorNames, useOperations } from './api';
import { operationAddress } from './begin';
import { OperationBadge } from './OperationBadge';
import type { Operation, OperationStatus } from './types';
import { count, titleOf } from './words';

const PAGE = 50;
const STATUSES: { value: OperationStatus; label: string }[] = [
  { value: 'in-progress', label: 'At work' },
  { value: 'completed', label: 'Done' },
  { value: 'failed', label: 'Failed' },
  { value: 'cancelled', label: 'Cancelled' },
];

export default function ActivityPage() {
  const address = useAddress();
  const status = STATUSES.find(({ value }) => value === address.get('status'))?.value;
  const connector = address.get('connector') || undefined;
  const [limit, setLimit] = useState(PAGE);
  const query = useOperations({ status, connector, limit });
  const found = query.data?.length;
  useEffect(() => {
    if (found !== undefined) {
      announce(found === limit ? `${found} operations or more` : count(found, 'operation'));
    }
  }, [found, limit]);
  return (
    <Page title="Activity" about="What was done to connectors: installed, updated, published, removed, rolled back.">
      <Group align="flex-end">
        <Select label="Status" placeholder="All" clearable data={STATUSES} value={status ?? null} onChange={value => address.change({ status: value ?? '' })} />
        <ConnectorFilter value={connector ?? null} change={value => address.change({ connector: value ?? '' })} />
      </Group>
      <Loaded query={query} what="operations">
        {operations =>
          operations.length === 0 ? (
            <Nothing isFiltered={status !== undefined || connector !== undefined} clear={address.clear} />
          ) : (
            <Stack align="flex-start">
              <OperationTable operations={operations} />
              {operations.length === limit && (
                <Button variant="default" loading={query.isPlaceholderData} onClick={() => setLimit(limit + PAGE)}>
                  Show older ones
                </Button>
              )}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

/** Also one that no catalogue offers any more, when the address names it. */
function ConnectorFilter({ value, change }: { value: string | null; change: (value: string | null) => void }) {
  const { data = [] } = useConnectorNames();
  const names = data.map(({ name, label }) => ({ value: name, label: label === name ? name : `${label} (${name})` }));
  const all = value === null || names.some(one => one.value === value) ? names : [...names, { value, label: value }];
  return <Select label="Connector" placeholder="All" clearable searchable limit={100} data={all} value={value} onChange={change} />;
}

function Nothing({ isFiltered, clear }: { isFiltered: boolean; clear: () => void }) {
  return isFiltered ? (
    <Empty title="No operation is like that" text="Status and connector hide all there are.">
      <Button variant="default" onClick={clear}>
        Clear the filters
      </Button>
    </Empty>
  ) : (
    <Empty title="Nothing was done yet" text="Install a connector, and it is told here." />
  );
}

function OperationTable({ operations }: { operations: Operation[] }) {
  return (
    <Table.ScrollContainer type="native" minWidth={680} w="100%" tabIndex={0} role="region" aria-label="Operations">
      <Table highlightOnHover>
        <TableHead columns={['Operation', 'Status', 'Flows', 'Begun', 'By']} />
        <Table.Tbody>
          {operations.map(operation => (
            <Row key={operation.ticket} operation={operation} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ operation }: { operation: Operation }) {
  const { ticket, flows, started, startedBy, err } = operation;
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} to={operationAddress(ticket)}>
          {titleOf(operation)}
        </Anchor>
        {err !== null && (
          <Text size="xs" lineClamp={2}>
            {err}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <OperationBadge operation={operation} />
      </Table.Td>
      <Table.Td>{flows.total === 0 ? '–' : `${flows.stopped} of ${flows.total} stopped`}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Time at={started} />
      </Table.Td>
      <Table.Td>
        <PersonName id={startedBy || null} />
      </Table.Td>
    </Table.Tr>
  );
}
