// A version that breaks flows is not installed before a person has read which, and said what becomes of them (S90).
import { Alert, Anchor, Button, Group, List, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Operation } from '../../updates/api';
import { useConnector } from '../api';
import { linesOf, type Mode } from './publish';

interface Props {
  operation: Operation;
  publish: (mode: Mode) => void;
  cancel: () => void;
}

const MODES: { value: Mode; label: string; description: string }[] = [
  { value: 'stop-all', label: 'Stop all flows that use it', description: 'Their owners start them again when they have looked at them.' },
  { value: 'stop-affected', label: 'Stop the flows that break', description: 'The others go on with the new version.' },
  {
    value: 'side-by-side',
    label: 'Keep the old version for running flows',
    description: 'Their owners move them to the new one when they are ready.',
  },
];

export function BreakingPublish({ operation, publish, cancel }: Props) {
  const [mode, setMode] = useState<Mode>('stop-all');
  const lines = linesOf(operation);
  const verb = useVerb(operation, mode);
  return (
    <Alert role="alert" color="red" title={operation.name ? `Breaking change in ${operation.name} ${operation.to ?? ''}` : 'Breaking change'}>
      <Stack gap="sm" className="page-heading">
        <Text size="sm">
          {operation.from === null ? 'This version' : `Going from ${operation.from} to ${operation.to}`} breaks flows, or is a new major version.
          Nothing was changed yet.
        </Text>
        <List size="sm" spacing={2} aria-label="What breaks">
          {lines.map((line, at) => (
            <List.Item key={at}>
              {line.message}{' '}
              {line.flowId !== undefined && (
                <Anchor component={Link} to={`/flows/${line.flowId}`} size="sm" underline="always" c="inherit">
                  Open the flow
                </Anchor>
              )}
            </List.Item>
          ))}
        </List>
        <Radio.Group label="Running flows" value={mode} onChange={value => setMode(value as Mode)}>
          <Stack gap="xs" mt="xs">
            {MODES.map(choice => (
              <Radio key={choice.value} {...choice} />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
          <Button color="red" disabled={verb === undefined} onClick={() => publish(mode)}>
            {verb ?? 'Publish'}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

/** What the button says and does; nothing while it is not known how many flows the mode stops. */
function useVerb(operation: Operation, mode: Mode): string | undefined {
  // A zip of several connectors has no name.
  const name = operation.name ?? '';
  const { data: connector } = useConnector(name);
  const affected = new Set(linesOf(operation).flatMap(({ flowId }) => flowId ?? [])).size;
  if (mode === 'stop-all' && name === '') {
    return 'Publish and stop all flows that use them';
  }
  const stops = { 'stop-all': connector?.usage.flowsRunning, 'stop-affected': affected, 'side-by-side': 0 }[mode];
  if (stops === undefined) {
    return undefined;
  }
  return stops === 0 ? 'Publish' : `Publish and stop ${stops} ${stops === 1 ? 'flow' : 'flows'}`;
}
