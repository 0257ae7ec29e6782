// Starting and stopping, with how far it is. A start saves first: what runs is what is on the screen.
import { Button, Progress } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { announce } from '../parts/announce';
import { command, fetchProgress, type StoredFlow } from './api';

interface Props {
  flow: StoredFlow;
  flush: () => Promise<void>;
  /** What came of the last command: null while there is none and when it was done. */
  refused: (refusal: Refusal | null) => void;
}

export interface Refusal {
  word: 'start' | 'stop';
  error: unknown;
}

export function StartStop({ flow, flush, refused }: Props) {
  const client = useQueryClient();
  const word = flow.stage === 'running' ? 'stop' : 'start';
  const { mutate, isPending } = useMutation({
    mutationFn: async (said: 'start' | 'stop') => {
      refused(null);
      await flush();
      await command(flow.flowId, said);
      return said;
    },
    onSuccess: said => announce(said === 'start' ? 'The flow runs.' : 'The flow is stopped.'),
    onError: (error, said) => refused({ word: said, error }),
    // Busy until the page shows the new stage: the button then says the other word.
    onSettled: () => client.invalidateQueries({ queryKey: ['flows'] }),
  });
  return (
    <div>
      <Button
        color={word === 'stop' ? 'red' : undefined}
        variant={word === 'stop' ? 'outline' : 'filled'}
        loading={isPending}
        leftSection={word === 'stop' ? <IconPlayerStop size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />}
        onClick={() => mutate(word)}
      >
        {word === 'stop' ? 'Stop' : 'Start'}
      </Button>
      {isPending && <CommandProgress flowId={flow.flowId} label={word === 'stop' ? 'Stopping the flow' : 'Starting the flow'} />}
    </div>
  );
}

const POLL_MS = 400;

function CommandProgress({ flowId, label }: { flowId: string; label: string }) {
  const { data } = useQuery({
    queryKey: ['flows', flowId, 'progress'],
    queryFn: ({ signal }) => fetchProgress(flowId, signal),
    refetchInterval: POLL_MS,
    gcTime: 0,
  });
  const running = data?.status === 'in-progress' && data.stepsTotal > 0 ? data : undefined;
  const share = running === undefined ? 0 : (100 * running.stepsDone) / running.stepsTotal;
  const text = running === undefined ? label : `${label}: ${running.stepsDone} of ${running.stepsTotal}`;
  return (
    <Progress.Root size="sm" mt={4}>
      <Progress.Section value={share} aria-label={label} aria-valuetext={text} />
    </Progress.Root>
  );
}
