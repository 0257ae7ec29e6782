import { Button, Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FlowRow, startFlow, stopFlow } from '../flows/api';
import { StageBadge } from '../flows/StageBadge';
import { Failed } from '../parts/States';
import { Time } from '../parts/Time';
import { useUpgrades } from './api';
import { PreparedChange } from './PreparedChange';
import { TaskList } from './TaskList';
import { type Task, tasksOf } from './tasks';
import { WhatHappened } from './WhatHappened';

/** `started`: told when the flow runs again, which is when it needs nothing more. */
export function FlowCard({ flow, started }: { flow: FlowRow; started: () => void }) {
  const { found, loading } = useUpgrades(flow);
  const tasks = tasksOf(flow, found);
  const since = tasks.map(task => task.since).sort()[0];
  return (
    <Card component="li" withBorder padding="md">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Group gap="sm">
            <Title order={2} size="h4">
              {flow.name}
            </Title>
            <StageBadge stage={flow.stage} />
          </Group>
          <Text size="sm" c="dimmed">
            Needs you since <Time at={since} />
          </Text>
        </Group>
        <WhatHappened flow={flow} upgrades={found} />
        {loading ? <Skeleton height={24} aria-hidden /> : <TaskList tasks={tasks} />}
        {found
          .filter(({ applied }) => applied.length > 0)
          .map(upgrade => (
            <PreparedChange key={upgrade.connector} flow={flow} upgrade={upgrade} />
          ))}
        {!loading && <StartAgain flow={flow} tasks={tasks} started={started} />}
      </Stack>
    </Card>
  );
}

function StartAgain({ flow, tasks, started }: { flow: FlowRow; tasks: Task[]; started: () => void }) {
  const client = useQueryClient();
  const running = flow.stage === 'running';
  const start = useMutation({
    mutationFn: async () => {
      // What needs doing is forgotten by a start only.
      if (running) {
        await stopFlow(flow.flowId);
      }
      await startFlow(flow.flowId);
    },
    onSuccess: started,
    onSettled: () => client.invalidateQueries({ queryKey: ['flows'] }),
  });
  const waits = tasks.filter(({ state, checkOnly }) => state !== 'done' && !checkOnly).length;
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <Button
          variant={waits === 0 ? 'filled' : 'default'}
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={start.isPending}
          disabled={waits > 0}
          aria-label={running ? `Start again: ${flow.name}` : `Start ${flow.name}`}
          onClick={() => start.mutate()}
        >
          {running ? 'Start again' : 'Start'}
        </Button>
        <Text size="sm">{waits === 0 ? 'Ready: start the flow, and it is done.' : 'When the above is done, start the flow here.'}</Text>
      </Group>
      {start.isError && <Failed what="The flow was not started." error={start.error} />}
    </Stack>
  );
}
