import { Anchor, Checkbox, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useIsAdmin } from '../api/session';
import { shortType } from '../flows/connectors';
import { useOwners } from '../flows/owners';
import type { Selection } from '../parts/selection';
import { SelectHead, TableHead } from '../parts/TableHead';
import { Time } from '../parts/Time';
import { type UnprocessedRow, useFlowNames } from './api';
import { failureOf, kindOf } from './failure';

interface Props {
  rows: UnprocessedRow[];
  selection: Selection;
  open: (messageId: string) => void;
}

export function MessageTable({ rows, selection, open }: Props) {
  const admin = useIsAdmin();
  const flows = useFlowNames(rows.map(({ flowId }) => flowId));
  const owners = useOwners(admin ? rows.map(({ userId }) => userId) : []);
  return (
    <Table.ScrollContainer minWidth={760} type="native" pos="relative" tabIndex={0} role="region" aria-label="Table of unprocessed messages">
      <Table verticalSpacing="xs" highlightOnHover>
        <TableHead columns={[<SelectHead selection={selection} what="messages" />, 'Failed', 'Flow', admin && 'Owner', 'Component', 'Error']} />
        <Table.Tbody>
          {rows.map(row => (
            <Row key={row.messageId} row={row} flow={flows[row.flowId]} owner={admin ? (owners[row.userId] ?? '…') : undefined} selection={selection} open={open} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface RowProps {
  row: UnprocessedRow;
  flow?: string;
  owner?: string;
  selection: Selection;
  open: (messageId: string) => void;
}

function Row({ row, flow, owner, selection, open }: RowProps) {
  const chosen = selection.has(row.messageId);
  const failure = failureOf(row.err);
  return (
    <Table.Tr bg={chosen ? 'var(--mantine-color-default-hover)' : undefined}>
      <Table.Td>
        <Checkbox aria-label={`Select message ${row.messageId}`} checked={chosen} onChange={() => selection.toggle(row.messageId)} />
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Time at={row.created} />
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} size="sm" to={`/flows/${row.flowId}?component=${row.componentId}`}>
          {flow ?? row.flowId}
        </Anchor>
      </Table.Td>
      {owner !== undefined && <Table.Td style={{ overflowWrap: 'break-word' }}>{owner}</Table.Td>}
      <Table.Td>
        <Text size="sm" title={row.componentType}>
          {shortType(row.componentType)}
        </Text>
      </Table.Td>
      <Table.Td maw={420}>
        <Anchor component="button" type="button" size="sm" ta="left" onClick={() => open(row.messageId)} aria-label={`Open the message: ${kindOf(failure)}`}>
          {kindOf(failure)}
        </Anchor>
        <Text size="xs" lineClamp={2}>
          {failure.message}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
