// What was done with the connector, and by whom: rows of the audit.
import { Anchor, Button, Stack, Table, Title } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { Empty, Loaded } from '../../parts/States';
import { Time } from '../../parts/Time';
import type { AuditEntry } from '../../system/audit/api';
import { type ConnectorDetails, useActivity } from '../api';
import { PersonName } from '../../parts/PersonName';
import { ScrollingTable } from './ScrollingTable';

const PAGE = 50;

export default function ActivitySection({ connector: { name } }: { connector: ConnectorDetails }) {
  const [limit, setLimit] = useState(PAGE);
  const query = useActivity(name, limit);
  return (
    <Stack gap="md">
      <Title order={2} size="h4">
        Activity
      </Title>
      <Loaded query={query} what="the activity">
        {entries =>
          entries.length === 0 ? (
            <Empty title="Nothing was done with it yet" />
          ) : (
            <>
              <ScrollingTable label="Activity" columns={['When', 'Who', 'What', 'From → to', 'Result']}>
                {entries.map(entry => (
                  <Entry key={entry.id} entry={entry} />
                ))}
              </ScrollingTable>
              {entries.length === limit && (
                <Button variant="default" style={{ alignSelf: 'flex-start' }} loading={query.isFetching} onClick={() => setLimit(limit + PAGE)}>
                  Show more
                </Button>
              )}
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function Entry({ entry: { at, userId, action, resource, from, to, ticket, outcome } }: { entry: AuditEntry }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Time at={at} />
      </Table.Td>
      <Table.Td>
        <PersonName id={userId} />
      </Table.Td>
      <Table.Td>{resource === 'connector' ? action : `${action} ${resource}`}</Table.Td>
      <Table.Td dir="ltr">{from === null && to === null ? '–' : `${from ?? '–'} → ${to ?? '–'}`}</Table.Td>
      <Table.Td>
        {ticket === null ? (
          outcome
        ) : (
          <Anchor component={Link} to={`/operations/${ticket}`} size="sm" underline="always" aria-label={`${outcome}: ${action}, its operation`}>
            {outcome}
          </Anchor>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
