// Versions that were replaced or removed: kept for 30 days, longer while a flow stays on one.
import { Anchor, Button, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { ApiError } from '../api/call';
import { notDone } from '../parts/notify';
import { Empty, Loaded } from '../parts/States';
import { TableHead } from '../parts/TableHead';
import { Time } from '../parts/Time';
import { beginRestore, useTrash, type Confirmation } from './api';
import { connectorAddress, operationAddress, useBegun } from './begin';
import { BreakingDialog } from './BreakingDialog';
import type { Plan, TrashRow } from './types';
import { count } from './words';

export function Trash() {
  const query = useTrash();
  return (
    <Loaded query={query} what="the trash">
      {rows =>
        rows.length === 0 ? (
          <Empty title="The trash is empty" text="Versions that are replaced or removed are kept here for 30 days." />
        ) : (
          <Stack gap="xs">
            <Text>Kept for 30 days, longer while a flow stays on one.</Text>
            <Rows rows={rows} />
          </Stack>
        )
      }
    </Loaded>
  );
}

function Rows({ rows }: { rows: TrashRow[] }) {
  return (
    <Table.ScrollContainer type="native" minWidth={680} tabIndex={0} role="region" aria-label="Trash">
      <Table verticalSpacing="sm">
        <TableHead columns={['Connector', 'Version', 'Put here', 'Kept until', 'Flows that stay on it', 'Action']} />
        <Table.Tbody>
          {rows.map(row => (
            <Table.Tr key={row.id}>
              <Table.Td>{row.installed ? <ConnectorLink name={row.name} /> : row.name}</Table.Td>
              <Table.Td dir="ltr">{row.version}</Table.Td>
              <Table.Td>
                <Time at={row.trashedAt} />
              </Table.Td>
              <Table.Td>
                <Time at={row.keptUntil} />
              </Table.Td>
              <Table.Td>{row.pinnedFlows === 0 ? 'None' : count(row.pinnedFlows, 'flow')}</Table.Td>
              <Table.Td>
                <RestoreButton row={row} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function ConnectorLink({ name }: { name: string }) {
  return (
    <Anchor component={Link} to={connectorAddress(name)}>
      {name}
    </Anchor>
  );
}

function RestoreButton({ row }: { row: TrashRow }) {
  const [busy, setBusy] = useState(false);
  const [plan, setPlan] = useState<Plan | null>(null);
  const [opened, setOpened] = useState(false);
  const shown = useBegun();
  const navigate = useNavigate();
  const begin = async (confirmation: Confirmation) => {
    const operation = await shown(await beginRestore(row.id, confirmation));
    void navigate(operationAddress(operation.ticket));
  };
  const press = async () => {
    setBusy(true);
    try {
      await begin({});
    } catch (error) {
      if (error instanceof ApiError && error.code === 'CONNECTOR_BREAKING_CHANGE') {
        setPlan(error.data as Plan);
        setOpened(true);
      } else {
        notDone(`${row.name} ${row.version} was not restored. Nothing was changed.`, error);
      }
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button size="xs" variant="default" loading={busy} aria-label={`Restore ${row.name} ${row.version}`} onClick={() => void press()}>
        Restore
      </Button>
      {plan !== null && (
        <BreakingDialog label={row.name} plan={plan} mode="stop-all" opened={opened} close={() => setOpened(false)} begin={begin} />
      )}
    </>
  );
}
