// A removal at work: flows are stopped, then all that is the user's goes. It goes on when one leaves the page.
import { Alert, Progress, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { announce } from '../../parts/announce';
import { useRemoval } from './api';

const TITLES = { 'in-progress': 'Deleting', completed: 'Deleted', failed: 'Not deleted', cancelled: 'Cancelled' };

export function RemovalProgress({ userId, ticket, name, close }: { userId: string; ticket: string; name: string; close: () => void }) {
  const client = useQueryClient();
  const { data, isError, error } = useRemoval(userId, ticket);
  const status = isError ? 'failed' : (data?.status ?? 'in-progress');
  useEffect(() => {
    if (status !== 'in-progress') {
      announce(`${TITLES[status]}: ${name}.`);
      void client.invalidateQueries({ queryKey: ['users'] });
    }
  }, [client, status, name]);
  const { stepsDone, stepsTotal } = data ?? { stepsDone: 0, stepsTotal: 0 };
  const percent = status === 'completed' ? 100 : stepsTotal === 0 ? 0 : (100 * stepsDone) / stepsTotal;
  return (
    <Alert
      color={status === 'failed' ? 'red' : 'gray'}
      title={`${TITLES[status]}: ${name}`}
      withCloseButton={status !== 'in-progress'}
      closeButtonLabel="Close"
      onClose={close}
      role={status === 'failed' ? 'alert' : 'status'}
    >
      <Stack gap={6}>
        <Progress.Root size="md">
          <Progress.Section value={percent} aria-label={`Deleting ${name}`} aria-valuetext={`${stepsDone} of ${stepsTotal} steps`} />
        </Progress.Root>
        <Text size="sm">{status === 'failed' ? (error?.message ?? 'The server’s log says why; try again.') : `${stepsDone} of ${stepsTotal} steps`}</Text>
      </Stack>
    </Alert>
  );
}
