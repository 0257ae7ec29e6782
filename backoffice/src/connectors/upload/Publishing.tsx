// What becomes of a zip that was sent: progress, then the connectors it held, or why it was refused.
import { Alert, Anchor, List, Progress, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Link } from 'react-router';
import { announce } from '../../parts/announce';
import { Loaded } from '../../parts/States';
import type { Operation } from '../../updates/api';
import { BreakingPublish } from './BreakingPublish';
import { linesOf, type Mode, usePublished, usePublishing } from './publish';
import { Refusal } from './Refusal';

interface Props {
  ticket: string;
  fileName: string;
  confirm: (mode: Mode) => void;
  again: () => void;
}

export function Publishing({ ticket, fileName, confirm, again }: Props) {
  return (
    <Loaded query={usePublishing(ticket)} what="the progress">
      {operation => <Outcome operation={operation} fileName={fileName} confirm={confirm} again={again} />}
    </Loaded>
  );
}

function Outcome({ operation, fileName, confirm, again }: { operation: Operation } & Omit<Props, 'ticket'>) {
  const { status, err, code } = operation;
  if (status === 'in-progress') {
    return <Working operation={operation} fileName={fileName} />;
  }
  if (status === 'completed') {
    return <Published operation={operation} />;
  }
  if (code === 'CONNECTOR_BREAKING_CHANGE') {
    return <BreakingPublish operation={operation} publish={confirm} cancel={again} />;
  }
  return <Refusal fileName={fileName} message={err ?? 'It was cancelled. Nothing was installed.'} code={code} lines={linesOf(operation)} />;
}

function Working({ operation: { ticket, phase, stepsDone, stepsTotal }, fileName }: { operation: Operation; fileName: string }) {
  return (
    <Stack gap="xs">
      <Text>
        Installing {fileName}: step {stepsDone} of {stepsTotal}, {phase}.{' '}
        <Anchor component={Link} to={`/operations/${ticket}`} underline="always">
          Its operation
        </Anchor>
      </Text>
      <Progress.Root size="lg">
        <Progress.Section
          value={(100 * stepsDone) / stepsTotal}
          aria-label={`Installing ${fileName}`}
          aria-valuetext={`Step ${stepsDone} of ${stepsTotal}`}
        />
      </Progress.Root>
    </Stack>
  );
}

function Published({ operation }: { operation: Operation }) {
  const client = useQueryClient();
  const query = usePublished(operation.ticket, true);
  useEffect(() => {
    announce('The connector was installed.');
    void client.invalidateQueries({ queryKey: ['connectors'] });
  }, [client]);
  return (
    <Loaded query={query} what="what was installed">
      {({ bundles = [], warnings = [] }) => (
        <Alert color="teal" title={bundles.length === 0 ? 'Nothing changed' : 'Installed'} role="status">
          <Stack gap="xs" className="page-heading">
            {bundles.length === 0 && <Text size="sm">The zip holds what is installed already.</Text>}
            {bundles.map(({ name, version }) => (
              <Text key={name} size="sm">
                <Anchor component={Link} to={`/connectors/${name}`} size="sm" underline="always" c="inherit">
                  {name} {version}
                </Anchor>{' '}
                can be used in flows now. See who has access under{' '}
                <Anchor component={Link} to={`/connectors/${name}?section=access`} size="sm" underline="always" c="inherit">
                  Access Control of {name}
                </Anchor>
                .
              </Text>
            ))}
            {warnings.length > 0 && (
              <List size="sm" aria-label="Warnings">
                {warnings.map((warning, at) => (
                  <List.Item key={at}>{warning}</List.Item>
                ))}
              </List>
            )}
            <Anchor component={Link} to={`/operations/${operation.ticket}`} size="sm" underline="always" c="inherit">
              What was done
            </Anchor>
          </Stack>
        </Alert>
      )}
    </Loaded>
  );
}
