// Removal is always possible, also while flows run (T8); so this says what it does to them, offers to stop them first, and that
// nothing is lost for 30 days (S46, S48, S49, S50).
import { Alert, Button, List, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { request } from '../api/call';
import type { Connector } from '../connectors/api';
import { ConfirmDialog } from '../parts/ConfirmDialog';
import { notDone } from '../parts/notify';
import { Loaded } from '../parts/States';
import { beginRemoval, usePlan } from './api';
import { operationAddress, useBegun } from './begin';
import { FlowLinks } from './FlowLinks';
import { saveFile } from '../parts/save_file';
import { runningOf } from './stopping';
import type { FlowImpact, Operation, Plan } from './types';
import { count } from './words';

interface Props {
  connector: Connector;
  opened: boolean;
  close: () => void;
  begun: (operation: Operation) => void;
}

/** Also what stays on an older version is missing its connector then. */
const isRunning = ({ stage }: FlowImpact) => stage === 'running';

type Way = 'stop' | 'anyway';
type Waiting = 'keep' | 'delete';

export function RemoveDialog({ connector, opened, close, begun }: Props) {
  const [way, setWay] = useState<Way>('stop');
  const [waiting, setWaiting] = useState<Waiting>('keep');
  const plan = usePlan(connector.name, { action: 'remove' }, opened);
  const shown = useBegun();
  const running = plan.data === undefined ? 0 : plan.data.flows.filter(isRunning).length;
  const stops = running > 0 && way === 'stop';
  const navigate = useNavigate();
  const confirm = async () => {
    const operation = await beginRemoval(connector.name, { stopFlows: stops, inProgressData: stops ? waiting : 'keep' });
    if (connector.source === 'published') {
      // Its own page is going with it.
      void navigate(operationAddress(operation.ticket));
    }
    begun(await shown(operation));
  };
  return (
    <ConfirmDialog
      opened={opened}
      title={`Remove ${connector.label}`}
      verb={stops ? `Stop ${count(runningOf(plan.data!).length, 'flow')} and remove` : running > 0 ? `Remove, ${count(running, 'flow')} will fail` : 'Remove'}
      disabled={plan.data === undefined}
      confirm={confirm}
      close={close}
    >
      <Loaded query={plan} what="what uses it">
        {data => (
          <Stack>
            <WhoUsesIt plan={data} />
            {running > 0 && <Ways way={way} setWay={setWay} waiting={waiting} setWaiting={setWaiting} />}
            <List size="sm">
              <List.Item>Accounts, configuration and access rules stay, and work again when it is installed again.</List.Item>
              <List.Item>The removed version is kept in the trash for 30 days.</List.Item>
            </List>
            {connector.source === 'published' && <KeepItsZip connector={connector} />}
          </Stack>
        )}
      </Loaded>
    </ConfirmDialog>
  );
}

function WhoUsesIt({ plan }: { plan: Plan }) {
  const running = plan.flows.filter(isRunning);
  const owners = new Set(plan.flows.map(({ userId }) => userId)).size;
  if (plan.flows.length === 0) {
    return <Text>No flow uses it: 0 running, 0 stopped.</Text>;
  }
  return (
    <div>
      <Text>
        <b>{running.length === 0 ? 'No running flow breaks.' : `${count(running.length, 'running flow')} will break.`}</b>{' '}
        {count(plan.flows.length, 'flow')} of {count(owners, 'owner')} {plan.flows.length === 1 ? 'uses' : 'use'} it: {running.length} running,{' '}
        {plan.flows.length - running.length} stopped.
      </Text>
      <FlowLinks flows={running} newTab />
    </div>
  );
}

interface WaysProps {
  way: Way;
  setWay: (way: Way) => void;
  waiting: Waiting;
  setWaiting: (waiting: Waiting) => void;
}

function Ways({ way, setWay, waiting, setWaiting }: WaysProps) {
  return (
    <>
      <Radio.Group label="The running flows" value={way} onChange={value => setWay(value as Way)}>
        <Stack gap="xs" mt="xs">
          <Radio value="stop" label="Stop them first" description="They stay stopped until their owners start them again." />
          <Radio
            value="anyway"
            label="Remove anyway"
            description="They run on. Its components fail when they are triggered; messages for them wait and are tried again."
          />
        </Stack>
      </Radio.Group>
      {way === 'stop' && (
        <Radio.Group label="Messages that wait in them" value={waiting} onChange={value => setWaiting(value as Waiting)}>
          <Stack gap="xs" mt="xs">
            <Radio value="keep" label="Keep them" description="They go on when the flow is started again." />
            <Radio value="delete" label="Delete them" description="They are lost." />
          </Stack>
        </Radio.Group>
      )}
    </>
  );
}

function KeepItsZip({ connector }: { connector: Connector }) {
  const [busy, setBusy] = useState(false);
  const download = async () => {
    setBusy(true);
    try {
      const response = await request('GET /connectors/:name/download', { params: { name: connector.name } });
      saveFile(`${connector.name}-${connector.installedVersion}.zip`, await response.blob());
    } catch (error) {
      notDone('The zip could not be downloaded.', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Alert color="yellow" title="A custom connector">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">It cannot be installed again from the catalogue; download the zip first.</Text>
        <Button size="xs" variant="default" loading={busy} onClick={() => void download()}>
          Download the zip
        </Button>
      </Stack>
    </Alert>
  );
}
