import { Anchor, Card, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { textOf } from '../parts/States';
import { useOperation } from './api';
import { connectorAddress, operationAddress } from './begin';
import { OperationBadge } from './OperationBadge';
import type { Batch, BatchRow } from './use_batch';
import { titleOf } from './words';

/** What was begun on this page and how it goes; each stays here when its row has gone. */
export function BatchResults({ batch: { rows } }: { batch: Batch }) {
  if (rows.length === 0) {
    return null;
  }
  return (
    <Card withBorder component="section" aria-label="Begun here">
      <Title order={2} size="h4" mb="xs">
        Begun here
      </Title>
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {rows.map(row => (
          <li key={row.name}>{row.ticket === null ? <Refused row={row} /> : <Begun ticket={row.ticket} label={row.label} />}</li>
        ))}
      </Stack>
    </Card>
  );
}

function Refused({ row }: { row: BatchRow }) {
  return (
    <Text size="sm" role="alert">
      <Anchor component={Link} to={connectorAddress(row.name)} size="sm">
        {row.label}
      </Anchor>{' '}
      was not updated: {textOf(row.error)}
    </Text>
  );
}

function Begun({ ticket, label }: { ticket: string; label: string }) {
  const { data } = useOperation(ticket);
  return (
    <Group gap="xs">
      <Anchor component={Link} to={operationAddress(ticket)} size="sm">
        {data === undefined ? label : titleOf(data, label)}
      </Anchor>
      {data !== undefined && <OperationBadge operation={data} />}
      {data?.status === 'failed' && (
        <Text size="sm" role="alert">
          {data.err}
        </Text>
      )}
    </Group>
  );
}
