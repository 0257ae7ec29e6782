// A change that the server has made ready for a flow, because only names are different: shown first, applied on a wish.
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FlowRow } from '../flows/api';
import { differences } from '../flows/flow_difference';
import { FlowDifference } from '../flows/FlowDifference';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { done } from '../parts/notify';
import { applyUpgrade, type Upgrade } from './api';

export function PreparedChange({ flow, upgrade }: { flow: FlowRow; upgrade: Upgrade }) {
  const [asked, setAsked] = useState(false);
  const client = useQueryClient();
  // The server would refuse it: the flow could not go on with half of what it needs.
  const tooEarly = flow.stage === 'running' && upgrade.remaining.length > 0;
  return (
    <Alert role="group" aria-label="Prepared change" color="blue" title="A change is prepared for you">
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {tooEarly ? 'It can be applied when what is to do above is done.' : 'It only follows new names; what you have set up stays as it is.'}
        </Text>
        <Button size="xs" disabled={tooEarly} onClick={() => setAsked(true)}>
          Apply the prepared change
        </Button>
      </Group>
      <ConfirmDialog
        opened={asked}
        title={`Apply the prepared change to “${flow.name}”?`}
        verb="Apply the change"
        color="blue"
        close={() => setAsked(false)}
        confirm={async () => {
          await applyUpgrade(flow.flowId, upgrade.connector);
          await client.invalidateQueries({ queryKey: ['flows'] });
          done('The prepared change was applied.');
        }}
      >
        <Stack gap="sm">
          <Text>This is what it changes. The flow as it is now is kept among its versions.</Text>
          <FlowDifference differences={differences(flow.flow, upgrade.flow)} label="What the prepared change does" />
        </Stack>
      </ConfirmDialog>
    </Alert>
  );
}
