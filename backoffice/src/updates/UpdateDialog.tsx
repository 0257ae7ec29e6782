// An update that stops nothing and asks nothing: what is new in it, and one click (S95, S105).
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Failed } from '../parts/States';
import { beginUpdate } from './api';
import { reviewAddress, useBegun, wantsConfirmation } from './begin';
import { Changelog } from './Changelog';
import { PlanWarnings } from './PlanWarnings';
import type { Operation, Plan } from './types';
import { count } from './words';

interface Props {
  label: string;
  /** Null until it was opened once. */
  plan: Plan | null;
  opened: boolean;
  close: () => void;
  begun: (operation: Operation) => void;
}

export function UpdateDialog({ label, plan, opened, close, begun }: Props) {
  return (
    <Modal opened={opened} onClose={close} title={`Update ${label}`} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      {plan !== null && <Content plan={plan} close={close} begun={begun} />}
    </Modal>
  );
}

type ContentProps = Pick<Props, 'close' | 'begun'> & { plan: Plan };

function Content({ plan, close, begun }: ContentProps) {
  const { busy, failure, update } = useUpdate({ plan, close, begun });
  return (
    <Stack>
      <Text>
        From {plan.from} to <b>{plan.to}</b>. {effectOn(plan)}
      </Text>
      <Changelog entries={plan.changes} />
      <PlanWarnings warnings={plan.warnings} />
      {failure !== null && <Failed what="The update did not begin. Nothing was changed." error={failure} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button loading={busy} onClick={() => void update()} data-autofocus>
          Update
        </Button>
      </Group>
    </Stack>
  );
}

function effectOn({ flows }: Plan): string {
  return flows.length === 0 ? 'No flow uses it.' : `Nothing stops: ${count(flows.length, 'flow uses', 'flows use')} it and ${flows.length === 1 ? 'goes' : 'go'} on.`;
}

function useUpdate({ plan, close, begun }: ContentProps) {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const shown = useBegun();
  const navigate = useNavigate();
  const update = async () => {
    setBusy(true);
    setFailure(null);
    try {
      begun(await shown(await beginUpdate(plan.name, { version: plan.to ?? undefined })));
      close();
    } catch (error) {
      if (wantsConfirmation(error)) {
        void navigate(reviewAddress(plan.name, plan.to));
      } else {
        setFailure(error);
      }
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, update };
}
