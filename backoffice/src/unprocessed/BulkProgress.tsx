// How far a retry or deletion of many messages is, with its end and why some stayed. Its ticket is in the address.
import { Alert, Button, Group, List, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { notDone } from '../parts/notify';
import { Loaded } from '../parts/States';
import { TaskProgress } from '../parts/TaskProgress';
import { type BulkTicket, cancelBulk, useBulkTicket } from './api';

export function BulkProgress({ ticket, close }: { ticket: string; close: () => void }) {
  const query = useBulkTicket(ticket);
  const client = useQueryClient();
  const ended = query.data !== undefined && query.data.status !== 'in-progress';
  useEffect(() => {
    if (ended) {
      void client.invalidateQueries({ queryKey: ['flows', 'unprocessed'] });
    }
  }, [client, ended]);
  const cancel = useMutation({
    mutationFn: () => cancelBulk(ticket),
    onError: error => notDone('It was not cancelled.', error),
    onSettled: () => client.invalidateQueries({ queryKey: ['flows', 'unprocessed-bulk', ticket] }),
  });
  return (
    <Loaded query={query} what="the progress">
      {state => (
        <Alert role="group" aria-label="Progress" color={state.failed > 0 ? 'orange' : 'blue'} title={titleOf(state)}>
          <Stack gap="sm">
            <TaskProgress
              label={state.action === 'retry' ? 'Putting messages back' : 'Deleting messages'}
              done={state.done + state.failed}
              total={state.total}
              text={`${state.done + state.failed} of ${state.total} messages done`}
            />
            {state.errors.length > 0 && (
              <List size="sm" aria-label="Why messages stayed">
                {state.errors.map(({ message, count }) => (
                  <List.Item key={message}>
                    {count === 1 ? '1 message' : `${count} messages`}: {message}
                  </List.Item>
                ))}
              </List>
            )}
            <Group>
              <Button size="xs" variant="default" loading={cancel.isPending} onClick={ended ? close : () => cancel.mutate()}>
                {ended ? 'Close' : 'Cancel'}
              </Button>
            </Group>
          </Stack>
        </Alert>
      )}
    </Loaded>
  );
}

function titleOf({ action, status, done, failed }: BulkTicket): string {
  const did = `${done === 1 ? '1 message was' : `${done} messages were`} ${action === 'retry' ? 'put back' : 'deleted'}`;
  if (status === 'in-progress') {
    return action === 'retry' ? 'Messages are being put back' : 'Messages are being deleted';
  }
  return `${status === 'cancelled' ? 'Cancelled: ' : ''}${did}${failed > 0 ? `, ${failed} stayed` : ''}.`;
}
