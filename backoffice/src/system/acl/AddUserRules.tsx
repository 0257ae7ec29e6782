import { Button } from '@mantine/core';
import { useState } from 'react';
import { announce } from '../../parts/announce';
import { done, notDone } from '../../parts/notify';
import { useAddUserRules } from './api';

/** `disabled`: while there are edits, which the server's own edit would overtake. */
export function AddUserRules({ disabled }: { disabled: boolean }) {
  const [busy, setBusy] = useState(false);
  const add = useAddUserRules();
  const press = async () => {
    setBusy(true);
    try {
      const added = (await add()).length;
      const text =
        added === 0 ? 'No rule was added: every installed connector has a user rule.' : `${added} user ${added === 1 ? 'rule was' : 'rules were'} added.`;
      done(text);
      announce(text);
    } catch (error) {
      notDone('No rules were added.', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="default" h="auto" mih={36} py={6} styles={{ label: { whiteSpace: 'normal' } }} loading={busy} disabled={disabled} onClick={() => void press()}>
      Add User Rules for Installed Connectors
    </Button>
  );
}
