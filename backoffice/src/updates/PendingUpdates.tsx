// One row for each connector with a newer version. What a row risks is found out by its plan; "safe" is what needs nobody, and
// only that can be updated in one go.
import { Alert, Button, Checkbox, Group, Stack, Table, Text } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connector } from '../connectors/api';
import { Empty, Loaded } from '../parts/States';
import { TableHead } from '../parts/TableHead';
import { Time } from '../parts/Time';
import { planQuery, usePendingUpdates } from './api';
import { BatchResults } from './BatchResults';
import { PendingUpdate } from './PendingUpdate';
import { isSafe } from './stopping';
import { useBatch } from './use_batch';
import { count } from './words';

export function PendingUpdates() {
  const query = usePendingUpdates();
  const batch = useBatch();
  return (
    <Stack>
      <BatchResults batch={batch} />
      <Loaded query={query} what="pending updates">
        {({ connectors, catalogueError }) => (
          <Stack>
            {catalogueError !== null && (
              <Alert color="yellow" title="Not all catalogues could be read">
                {catalogueError} What they gave last is shown.
              </Alert>
            )}
            {connectors.length === 0 ? (
              <Empty
                title="Everything is up to date"
                text={
                  <>
                    Asked <Time at={query.dataUpdatedAt} />. “Check now” reads the catalogues anew.
                  </>
                }
              />
            ) : (
              <Rows connectors={connectors} batch={batch} />
            )}
          </Stack>
        )}
      </Loaded>
    </Stack>
  );
}

function Rows({ connectors, batch }: { connectors: Connector[]; batch: ReturnType<typeof useBatch> }) {
  const plans = useQueries({ queries: connectors.map(({ name, availableVersion }) => planQuery(name, { action: 'update', version: availableVersion ?? undefined })) });
  const safe = connectors.filter(({ operation }, at) => operation === null && plans[at]!.data !== undefined && isSafe(plans[at]!.data));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const going = safe.filter(({ name }) => chosen.has(name));
  const toggle = (name: string) => setChosen(new Set(chosen.has(name) ? [...chosen].filter(one => one !== name) : [...chosen, name]));
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text>
          {count(connectors.length, 'update')}, {plans.some(({ isPending }) => isPending) ? 'risks are being worked out' : `${safe.length} safe`}
        </Text>
        <Button
          disabled={going.length === 0}
          loading={batch.busy}
          onClick={() => void batch.run(going).then(() => setChosen(new Set()))}
        >
          {going.length === 0 ? 'Update safe connectors' : `Update ${count(going.length, 'safe connector')}`}
        </Button>
      </Group>
      <Table.ScrollContainer type="native" minWidth={760} tabIndex={0} role="region" aria-label="Pending updates">
        <Table verticalSpacing="sm">
          <TableHead
            columns={[
              <Table.Th scope="col">
                <Checkbox
                  label="All safe"
                  aria-label="Select all safe updates"
                  disabled={safe.length === 0}
                  checked={safe.length > 0 && going.length === safe.length}
                  indeterminate={going.length > 0 && going.length < safe.length}
                  onChange={() => setChosen(new Set(going.length === safe.length ? [] : safe.map(({ name }) => name)))}
                />
              </Table.Th>,
              'Connector',
              'Risk',
              'Flows',
              'Action',
            ]}
          />
          <Table.Tbody>
            {connectors.map((connector, at) => (
              <PendingUpdate
                key={connector.name}
                connector={connector}
                plan={plans[at]!}
                isSafe={safe.includes(connector)}
                isChosen={chosen.has(connector.name)}
                toggle={() => toggle(connector.name)}
                begun={batch.add}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  );
}
