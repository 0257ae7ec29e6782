// How an operation ended: what is so now, what was not changed, what can be done.
import { Alert, Anchor, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconX } from '@tabler/icons-react';
import { Link } from 'react-router';
import { connectorAddress, reviewAddress } from './begin';
import { WhoMayUseIt } from './OperationOutcome';
import type { Operation } from './types';
import { count } from './words';

export function OperationEnd({ operation, label }: { operation: Operation; label: string }) {
  switch (operation.status) {
    case 'failed':
      return <Failed operation={operation} label={label} />;
    case 'cancelled':
      return <Cancelled operation={operation} label={label} />;
    default:
      return <Completed operation={operation} label={label} />;
  }
}

function Completed({ operation, label }: { operation: Operation; label: string }) {
  const { name, action, to, from, flows, mode } = operation;
  const isPartial = flows.failed.length > 0;
  return (
    <Alert
      role="status"
      color={isPartial ? 'orange' : 'green'}
      icon={isPartial ? <IconAlertTriangle aria-hidden /> : <IconCheck aria-hidden />}
      title={isPartial ? `Done, but ${count(flows.failed.length, 'flow')} did not start again` : doneTitle(label, to)}
    >
      <Stack gap="xs">
        {flows.stopped > 0 && (
          <Text size="sm">
            {count(flows.stopped, 'flow was', 'flows were')} stopped. {action === 'rollback' ? '' : 'Their owners start them again, once they fit.'}
          </Text>
        )}
        {flows.restarted > 0 && <Text size="sm">{count(flows.restarted, 'flow runs', 'flows run')} again.</Text>}
        {mode === 'side-by-side' && from !== null && <Text size="sm">Flows that were running keep {from} until their owners move them.</Text>}
        <NotStarted operation={operation} />
        {action === 'install' && name !== null && <WhoMayUseIt name={name} />}
        {flows.stopped > 0 && (
          <Anchor component={Link} to="/flows?attention=true" size="sm" c="inherit" underline="always">
            Flows that need their owner
          </Anchor>
        )}
      </Stack>
    </Alert>
  );
}

const doneTitle = (label: string, to: string | null) => (to === null ? `${label} is removed` : `${label} is now ${to}`);

function NotStarted({ operation: { flows } }: { operation: Operation }) {
  if (flows.failed.length === 0) {
    return null;
  }
  return (
    <>
      <Text size="sm">These need their owner:</Text>
      <List size="sm">
        {flows.failed.map(({ flowId, reason }) => (
          <List.Item key={flowId}>
            <Anchor component={Link} to={`/flows/${encodeURIComponent(flowId)}`} size="sm" c="inherit" underline="always">
              {flowId}
            </Anchor>
            : {reason}
          </List.Item>
        ))}
      </List>
    </>
  );
}

function Failed({ operation, label }: { operation: Operation; label: string }) {
  return (
    <Alert role="alert" color="red" icon={<IconX aria-hidden />} title="This was not done">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          {operation.err} {operation.code !== null && <>({operation.code})</>}
        </Text>
        <Lines data={operation.data} />
        <Unchanged operation={operation} label={label} />
        <NotStarted operation={operation} />
        <Next operation={operation} />
      </Stack>
    </Alert>
  );
}

function Cancelled({ operation, label }: { operation: Operation; label: string }) {
  return (
    <Alert role="status" color="gray" icon={<IconX aria-hidden />} title="Cancelled: nothing was changed">
      <Stack gap="xs" align="flex-start">
        <Unchanged operation={operation} label={label} />
        <NotStarted operation={operation} />
        <Next operation={operation} />
      </Stack>
    </Alert>
  );
}

function Unchanged({ operation: { from, flows }, label }: { operation: Operation; label: string }) {
  return (
    <Text size="sm">
      {from === null ? `${label} is not installed, as before.` : `${label} stays at ${from}.`}{' '}
      {flows.total > 0 && `Flows that it had stopped: ${flows.restarted} of ${flows.total} run again.`}
    </Text>
  );
}

/** Lines of a refused archive or an unconfirmed plan. */
function Lines({ data }: { data: unknown }) {
  const lines = Array.isArray(data) ? data.map(lineOf) : [];
  return lines.length === 0 ? null : (
    <List size="sm">
      {lines.map((line, at) => (
        <List.Item key={at}>{line}</List.Item>
      ))}
    </List>
  );
}

function lineOf(line: unknown): string {
  const { dataPath, message } = (typeof line === 'object' && line !== null ? line : { message: line }) as { dataPath?: unknown; message?: unknown };
  return [dataPath, message].filter(part => part !== undefined && part !== '').map(String).join(': ');
}

function Next({ operation: { name, action, to } }: { operation: Operation }) {
  if (name === null) {
    return null;
  }
  return (
    <Group gap="xs">
      {(action === 'update' || action === 'install') && (
        <Button component={Link} to={reviewAddress(name, to)} size="xs" variant="default">
          Look at its plan and try again
        </Button>
      )}
      <Button component={Link} to={connectorAddress(name)} size="xs" variant="default">
        To the connector
      </Button>
    </Group>
  );
}
