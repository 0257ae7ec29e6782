// The busiest flows or connectors of the range: as bars, and as a table with their times.
import { Anchor, Card, Stack, Table, Text, Title } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Link } from 'react-router';
import { Loading } from '../parts/States';
import { TableHead } from '../parts/TableHead';
import type { Grouping, Statistics } from './api';
import { count, duration, share } from './numbers';

const GroupsChart = lazy(async () => ({ default: (await import('./charts')).GroupsChart }));

const BARS = 10;

export interface NamedStatistics extends Statistics {
  key: string;
  name: string;
}

export function Groups({ by, groups }: { by: Grouping; groups: NamedStatistics[] }) {
  const title = by === 'connector' ? 'By connector' : 'By flow';
  const points = groups.slice(0, BARS).map(({ name, done, failed }) => ({ label: name, done, failed }));
  return (
    <Card withBorder component="section" aria-labelledby="groups">
      <Stack gap="sm">
        <Title order={2} size="h5" id="groups">
          {title}
        </Title>
        <div role="img" aria-label={`Chart: ${title}, the busiest ${points.length}. The same numbers are in the table below it.`}>
          <Suspense fallback={<Loading what="the chart" />}>
            <GroupsChart points={points} />
          </Suspense>
        </div>
        <Table.ScrollContainer minWidth={720} mah={420} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': `Table: ${title}` } }}>
          <Table verticalSpacing={6} striped>
            <TableHead columns={[by === 'connector' ? 'Connector' : 'Flow', 'Done', 'Failed', 'Errors', 'Half within', '90 % within', '99 % within', 'Bytes']} />
            <Table.Tbody>
              {groups.map(group => (
                <Row key={group.key} by={by} group={group} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Stack>
    </Card>
  );
}

function Row({ by, group: { key, name, done, failed, bytes, messageMs } }: { by: Grouping; group: NamedStatistics }) {
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {by === 'flowId' ? (
          <Anchor component={Link} to={`/flows/${key}`} size="sm" underline="always">
            {name}
          </Anchor>
        ) : (
          <Text size="sm">{name}</Text>
        )}
      </Table.Td>
      <Table.Td>{count(done)}</Table.Td>
      <Table.Td>{count(failed)}</Table.Td>
      <Table.Td>{share(failed, done)}</Table.Td>
      <Table.Td>{messageMs === null ? '–' : duration(messageMs.p50)}</Table.Td>
      <Table.Td>{messageMs === null ? '–' : duration(messageMs.p90)}</Table.Td>
      <Table.Td>{messageMs === null ? '–' : duration(messageMs.p99)}</Table.Td>
      <Table.Td>{count(bytes)}</Table.Td>
    </Table.Tr>
  );
}
