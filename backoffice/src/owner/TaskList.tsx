import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Task, TaskState } from './tasks';

const STATES: Record<TaskState, { label: string; color: string }> = {
  open: { label: 'To do', color: 'orange' },
  prepared: { label: 'Prepared', color: 'blue' },
  done: { label: 'Done', color: 'green' },
};

export function TaskList({ tasks }: { tasks: Task[] }) {
  return (
    <Stack component="ul" gap="xs" p={0} m={0} style={{ listStyle: 'none' }} aria-label="What there is to do">
      {tasks.map(task => (
        <Group component="li" key={task.key} gap="sm" justify="space-between" style={{ borderTop: '1px solid var(--mantine-color-default-border)' }} pt="xs">
          <Group gap="sm" flex="1 1 240px" wrap="nowrap" align="flex-start">
            <Badge variant="dot" color={STATES[task.state].color} size="sm" miw={88}>
              {STATES[task.state].label}
            </Badge>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {task.component !== '' && <strong>{task.component}: </strong>}
              {task.text}
            </Text>
          </Group>
          {task.state === 'open' && (
            <Button component={Link} to={task.link.to} size="xs" variant={task.link.label === 'Fix now' ? 'filled' : 'default'}>
              {task.link.label}
            </Button>
          )}
        </Group>
      ))}
    </Stack>
  );
}
