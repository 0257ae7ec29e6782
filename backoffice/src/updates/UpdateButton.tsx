// "Update Connector": what its plan says decides. Nothing to confirm: the changelog and one click; else the review page.
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { Connector } from '../connectors/api';
import { notDone } from '../parts/notify';
import { usePlan } from './api';
import { reviewAddress } from './begin';
import type { Operation, Plan } from './types';
import { UpdateDialog } from './UpdateDialog';

interface Props {
  connector: Connector;
  begun: (operation: Operation) => void;
  /** In rows: shorter, with the connector in its accessible name. */
  compact?: boolean;
}

export function UpdateButton({ connector, begun, compact = false }: Props) {
  const [plan, setPlan] = useState<Plan | null>(null);
  const [opened, { open, close }] = useDisclosure();
  const [busy, setBusy] = useState(false);
  const query = usePlan(connector.name, { action: 'update', version: connector.availableVersion ?? undefined });
  const navigate = useNavigate();
  const show = (made: Plan) => {
    if (made.requiresConfirmation) {
      void navigate(reviewAddress(connector.name, made.to));
    } else {
      setPlan(made);
      open();
    }
  };
  const ask = async () => {
    setBusy(true);
    const { data, error } = await query.refetch();
    setBusy(false);
    if (data === undefined || error !== null) {
      notDone(`What the update of ${connector.label} would do could not be found out. Nothing was changed.`, error);
    } else {
      show(data);
    }
  };
  // Mostly the plan is there already: live events keep it true, and the server checks it again anyway.
  const press = () => (query.isSuccess ? show(query.data) : void ask());
  return (
    <>
      <Button size={compact ? 'xs' : 'sm'} loading={busy} aria-label={compact ? `Update ${connector.label}` : undefined} onClick={press}>
        {compact ? 'Update' : 'Update Connector'}
      </Button>
      <UpdateDialog label={connector.label} plan={plan} opened={opened} close={close} begun={begun} />
    </>
  );
}
