// Takes back an operation. What it undoes is what the operation did, no more: flows that were edited or started since keep the
// version they have.
import { List, Stack, Text } from '@mantine/core';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { Loaded } from '../parts/States';
import { beginRollback, usePlan } from './api';
import { useBegun } from './begin';
import type { Operation, Plan } from './types';
import { count } from './words';

interface Props {
  name: string;
  label: string;
  /** Which one; none: the last. */
  operation?: string;
  opened: boolean;
  close: () => void;
  begun: (operation: Operation) => void;
}

export function RollbackDialog({ name, label, operation, opened, close, begun }: Props) {
  const plan = usePlan(name, { action: 'rollback', operation }, opened);
  const shown = useBegun();
  const confirm = async () => begun(await shown(await beginRollback(name, operation)));
  return (
    <ConfirmDialog
      opened={opened}
      title={`Roll back ${label}`}
      verb={plan.data === undefined ? 'Roll back' : verbOf(plan.data)}
      color={plan.data?.to === null ? 'red' : 'blue'}
      disabled={plan.data === undefined}
      confirm={confirm}
      close={close}
    >
      <Loaded query={plan} what="what a rollback does">
        {data => <WhatItDoes plan={data} label={label} />}
      </Loaded>
    </ConfirmDialog>
  );
}

const verbOf = ({ from, to }: Plan) => (to === null ? 'Roll back and remove it' : from === null ? `Bring back ${to}` : `Roll back to ${to}`);

function WhatItDoes({ plan, label }: { plan: Plan; label: string }) {
  return (
    <Stack>
      <Text>{sentence(plan, label)}</Text>
      <List size="sm">
        <List.Item>Flows that the operation stopped start again, with what waited for them.</List.Item>
        <List.Item>Flows that were edited or started since keep the version they have.</List.Item>
        <List.Item>
          {plan.flows.length === 0
            ? 'No flow uses it now.'
            : `${count(plan.flows.length, 'flow uses', 'flows use')} it now: ${plan.counts.verdicts.safe} safe, ${
                plan.flows.length - plan.counts.verdicts.safe
              } would need a change with that version.`}
        </List.Item>
      </List>
    </Stack>
  );
}

function sentence({ from, to }: Plan, label: string): string {
  if (to === null) {
    return `${label} ${from} was not installed before: taking that back removes it. It is kept in the trash.`;
  }
  return from === null ? `${label} ${to} is brought back.` : `${label} goes back from ${from} to ${to}.`;
}
