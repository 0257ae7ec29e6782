// An operation at work in a few words and a bar, with the way to its page. It hears of changes through the page's one stream
// of events (api/live.ts): a list of these needs no stream each.
import { Anchor, Box, Group, Text } from '@mantine/core';
import { Link } from 'react-router';
import { operationAddress } from './begin';
import { useOperation } from './api';
import { ProgressBar, standOf } from './ProgressBar';
import { titleOf } from './words';

export function OperationProgress({ ticket }: { ticket: string }) {
  const { data } = useOperation(ticket);
  const stand = data === undefined ? 'An operation is at work' : data.status === 'in-progress' ? standOf(data) : 'Finishing';
  return (
    <Box miw={220} maw={420}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm">{stand}</Text>
        <Anchor component={Link} to={operationAddress(ticket)} size="sm" aria-label={`Details of the ${data === undefined ? 'operation' : titleOf(data)}`}>
          Details
        </Anchor>
      </Group>
      <ProgressBar
        value={data === undefined ? 0 : data.stepsDone / data.stepsTotal}
        label={data === undefined ? 'Operation' : titleOf(data)}
        valueText={stand}
      />
    </Box>
  );
}
