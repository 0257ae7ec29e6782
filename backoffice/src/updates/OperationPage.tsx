// One operation from its first phase to its end. Its address is enough to come back to it, at any time (S104).
import { Anchor, Button, Card, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { fetchConnector } from '../connectors/api';
import { announce } from '../parts/announce';
import { notDone } from '../parts/notify';
import { Page } from '../parts/Page';
import { PersonName } from '../parts/PersonName';
import { Loaded } from '../parts/States';
import { Time } from '../parts/Time';
import { cancelOperation, usePlan } from './api';
import { connectorAddress, operationAddress } from './begin';
import { OperationBadge } from './OperationBadge';
import { OperationEnd } from './OperationEnd';
import { PhaseList } from './PhaseList';
import { PlanWarnings } from './PlanWarnings';
import { ProgressBar, standOf } from './ProgressBar';
import { RollbackDialog } from './RollbackDialog';
import { PHASES, type Operation } from './types';
import { useFollowedOperation } from './use_followed_operation';
import { titleOf } from './words';

export default function OperationPage() {
  const { ticket } = useParams();
  const query = useFollowedOperation(ticket!);
  if (query.data === undefined) {
    return (
      <Page title="Operation">
        <Loaded query={query} what="the operation">
          {() => null}
        </Loaded>
      </Page>
    );
  }
  return <Loaded query={query} what="the operation">{operation => <Shown operation={operation} />}</Loaded>;
}

function Shown({ operation }: { operation: Operation }) {
  const label = useLabel(operation.name);
  const title = titleOf(operation, label);
  useSpoken(operation, title);
  return (
    <Page title={title} about={<About operation={operation} />} actions={<Actions operation={operation} label={label} />}>
      {operation.status !== 'in-progress' && <OperationEnd operation={operation} label={label} />}
      <Card withBorder>
        <Stack>
          {operation.status === 'in-progress' && (
            <div>
              <Text size="sm" mb={4}>
                {standOf(operation)}
              </Text>
              <ProgressBar value={operation.stepsDone / operation.stepsTotal} label={title} valueText={standOf(operation)} />
            </div>
          )}
          <PhaseList operation={operation} />
        </Stack>
      </Card>
      <PlanWarnings warnings={operation.warnings} title="What its plan noted before it began" />
    </Page>
  );
}

function useLabel(name: string | null): string {
  const { data } = useQuery({ queryKey: ['connectors', name], queryFn: ({ signal }) => fetchConnector(name!, signal), enabled: name !== null });
  return data?.label ?? name ?? 'a connector';
}

function useSpoken(operation: Operation, title: string) {
  const stand = operation.status === 'in-progress' ? standOf(operation) : operation.status;
  const isFailed = operation.status === 'failed';
  useEffect(() => {
    if (!isFailed) {
      announce(`${title}: ${stand}`);
    }
  }, [title, stand, isFailed]);
}

function About({ operation }: { operation: Operation }) {
  const { name, started, finished, startedBy, undoes } = operation;
  return (
    <Group gap="xs" component="span">
      <OperationBadge operation={operation} />
      <span>
        Begun <Time at={started} /> by <PersonName id={startedBy || null} />
        {finished !== null && (
          <>
            , ended <Time at={finished} />
          </>
        )}
      </span>
      {name !== null && (
        <Anchor component={Link} to={connectorAddress(name)}>
          To the connector
        </Anchor>
      )}
      {undoes !== null && (
        <Anchor component={Link} to={operationAddress(undoes)}>
          The operation that it takes back
        </Anchor>
      )}
    </Group>
  );
}

function Actions({ operation, label }: { operation: Operation; label: string }) {
  if (operation.status === 'in-progress') {
    return PHASES.indexOf(operation.phase) < PHASES.indexOf('switch') ? <CancelButton ticket={operation.ticket} /> : null;
  }
  return operation.status === 'completed' && operation.name !== null ? <RollbackButton operation={operation} name={operation.name} label={label} /> : null;
}

/** Busy until the operation has ended: it goes as far as the next step. */
function CancelButton({ ticket }: { ticket: string }) {
  const [asked, setAsked] = useState(false);
  const cancel = async () => {
    setAsked(true);
    try {
      await cancelOperation(ticket);
    } catch (error) {
      setAsked(false);
      notDone('It was not cancelled.', error);
    }
  };
  return (
    <Button variant="default" loading={asked} onClick={() => void cancel()}>
      Cancel the operation
    </Button>
  );
}

/** Only while what the operation made current still is: then the server has a plan for it. */
function RollbackButton({ operation, name, label }: { operation: Operation; name: string; label: string }) {
  const [opened, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const plan = usePlan(name, { action: 'rollback', operation: operation.ticket });
  if (plan.data === undefined || plan.isError) {
    return null;
  }
  return (
    <>
      <Button variant="default" onClick={open}>
        Roll back
      </Button>
      <RollbackDialog
        name={name}
        label={label}
        operation={operation.ticket}
        opened={opened}
        close={close}
        begun={begun => void navigate(operationAddress(begun.ticket))}
      />
    </>
  );
}
