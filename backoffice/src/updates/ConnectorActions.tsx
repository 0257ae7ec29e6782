// What can be done with a connector in its present state: install, update, remove, roll back (S15); while an operation works
// on it, that operation's progress.
import { Button, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import type { Connector } from '../connectors/api';
import { useOperation } from './api';
import { InstallButton } from './InstallButton';
import { MoreActions } from './MoreActions';
import { OperationOutcome } from './OperationOutcome';
import { OperationProgress } from './OperationProgress';
import { RemoveDialog } from './RemoveDialog';
import type { Operation } from './types';
import { UpdateButton } from './UpdateButton';

export function ConnectorActions({ connector }: { connector: Connector }) {
  const { ticket, working, begun } = useLastOperation(connector);
  if (working) {
    return <OperationProgress ticket={ticket!} />;
  }
  return (
    <Stack gap="xs" align="flex-start">
      <Group gap="xs">
        {!connector.installed && <InstallButton connector={connector} begun={begun} />}
        {connector.updateAvailable && <UpdateButton connector={connector} begun={begun} />}
        {connector.installed && <RemoveButton connector={connector} begun={begun} />}
        <MoreActions connector={connector} begun={begun} />
      </Group>
      {ticket !== null && <OperationOutcome ticket={ticket} label={connector.label} />}
    </Stack>
  );
}

/** The operation that works on it, else the last that did while this is shown, whoever began it. */
function useLastOperation({ operation }: Connector) {
  const [ticket, setTicket] = useState(operation);
  if (operation !== null && operation !== ticket) {
    setTicket(operation);
  }
  const { data } = useOperation(ticket);
  return { ticket, working: operation !== null || data?.status === 'in-progress', begun: (begun: Operation) => setTicket(begun.ticket) };
}

function RemoveButton({ connector, begun }: { connector: Connector; begun: (operation: Operation) => void }) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" onClick={open}>
        Remove Connector
      </Button>
      <RemoveDialog connector={connector} opened={opened} close={close} begun={begun} />
    </>
  );
}
