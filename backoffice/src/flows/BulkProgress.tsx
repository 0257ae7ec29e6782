// How far the stop or start of many flows is, and which flows could not be told. Its ticket is in the address: it goes on, and
// is shown again, whatever the browser does.
import { Alert, Anchor, Button, Group, List, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { Loaded } from '../parts/States';
import { TaskProgress } from '../parts/TaskProgress';
import { type BulkCommand, useBulkCommand, useFlow } from './api';

const MOST_SHOWN = 20;

export function BulkProgress({ ticket, close }: { ticket: string; close: () => void }) {
  const query = useBulkCommand(ticket);
  const client = useQueryClient();
  const ended = query.data !== undefined && query.data.status !== 'in-progress';
  useEffect(() => {
    if (ended) {
      void client.invalidateQueries({ queryKey: ['flows', 'list'] });
    }
  }, [client, ended]);
  return (
    <Loaded query={query} what="the progress">
      {command => (
        <Alert role="group" aria-label="Progress" color={command.flows.failedCount > 0 || command.err ? 'orange' : 'blue'} title={titleOf(command)}>
          <Stack gap="sm">
            <TaskProgress
              label={command.command === 'stop' ? 'Stopping flows' : 'Starting flows'}
              done={command.stepsDone}
              total={command.stepsTotal}
              text={`${command.stepsDone} of ${command.stepsTotal} flows done`}
            />
            {command.err !== null && <Text size="sm">{command.err}</Text>}
            <FailedFlows command={command} />
            {ended && (
              <Group>
                <Button size="xs" variant="default" onClick={close}>
                  Close
                </Button>
              </Group>
            )}
          </Stack>
        </Alert>
      )}
    </Loaded>
  );
}

function titleOf({ command, status, flows }: BulkCommand): string {
  const count = flows.stopped ?? flows.started ?? 0;
  const done = `${count === 1 ? '1 flow was' : `${count} flows were`} ${command === 'stop' ? 'stopped' : 'started'}`;
  if (status === 'in-progress') {
    return command === 'stop' ? 'Flows are being stopped' : 'Flows are being started';
  }
  return flows.failedCount === 0 ? `${done}.` : `${done}, ${flows.failedCount} could not be.`;
}

function FailedFlows({ command: { flows } }: { command: BulkCommand }) {
  if (flows.failedCount === 0) {
    return null;
  }
  return (
    <>
      <List size="sm" aria-label="Flows that could not be told">
        {flows.failed.slice(0, MOST_SHOWN).map(({ flowId, message }) => (
          <List.Item key={flowId}>
            <FlowName flowId={flowId} />: {message}
          </List.Item>
        ))}
      </List>
      {flows.failedCount > MOST_SHOWN && <Text size="sm">And {flows.failedCount - MOST_SHOWN} more.</Text>}
    </>
  );
}

function FlowName({ flowId }: { flowId: string }) {
  const { data } = useFlow(flowId);
  return (
    <Anchor component={Link} to={`/flows/${flowId}`} size="sm" underline="always" c="inherit">
      {data?.name ?? flowId}
    </Anchor>
  );
}
