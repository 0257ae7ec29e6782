import { Anchor, Badge, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { TableHead } from '../../parts/TableHead';
import { Time } from '../../parts/Time';
import { type AuditEntry, usePeople } from './api';

export function AuditTable({ entries }: { entries: AuditEntry[] }) {
  const people = usePeople(entries.flatMap(({ userId, resource, name }) => [...(userId === null ? [] : [userId]), ...(resource === 'user' ? [name] : [])]));
  const named = (id: string) => people.data?.get(id) ?? id;
  return (
    <Table.ScrollContainer minWidth={820} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Audit' } }}>
      <Table verticalSpacing="xs" striped>
        <TableHead columns={['When', 'Who', 'Did', 'To', 'From → to', 'Outcome', 'Address']} />
        <Table.Tbody>
          {entries.map(entry => (
            <Table.Tr key={entry.id}>
              <Table.Td style={{ whiteSpace: 'nowrap' }}>
                <Time at={entry.at} />
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{entry.userId === null ? 'The system' : named(entry.userId)}</Table.Td>
              <Table.Td>
                <Badge variant="default" radius="sm" tt="none">
                  {entry.action}
                </Badge>
              </Table.Td>
              <Table.Td>
                <Text size="xs" c="dimmed">
                  {entry.resource}
                </Text>
                <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                  {entry.resource === 'user' ? named(entry.name) : entry.name}
                </Text>
              </Table.Td>
              <Table.Td>
                <Versions entry={entry} />
              </Table.Td>
              <Table.Td>{entry.ticket === null ? entry.outcome : <Operation ticket={entry.ticket} outcome={entry.outcome} />}</Table.Td>
              <Table.Td>{entry.ip ?? '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Versions({ entry: { from, to } }: { entry: AuditEntry }) {
  return from === null && to === null ? (
    <>–</>
  ) : (
    <span dir="ltr">
      {from ?? 'nothing'} → {to ?? 'nothing'}
    </span>
  );
}

function Operation({ ticket, outcome }: { ticket: string; outcome: string }) {
  return (
    <Anchor component={Link} to={`/operations/${encodeURIComponent(ticket)}`} size="sm" underline="always">
      {outcome}
    </Anchor>
  );
}
