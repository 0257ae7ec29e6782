import { Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { FormButtons } from '../../parts/FormButtons';
import { done } from '../../parts/notify';
import { Failed } from '../../parts/States';
import { type User, useUserChanges } from './api';

const LEAST = 5;

export function PasswordDialog({ user, close }: { user: User; close: () => void }) {
  const { resetPassword } = useUserChanges();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const problem = password.length < LEAST ? `At least ${LEAST} characters.` : null;
  const save = useMutation({
    mutationFn: () => resetPassword(user.username, password),
    onSuccess: () => {
      done(`${user.username} has a new password.`);
      close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem === null) {
      save.mutate();
    }
  };
  return (
    <Modal opened onClose={close} title={`New password for ${user.username}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm">The old one ends at once. Tell the user the new one on a safe way.</Text>
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            data-autofocus
            value={password}
            error={tried ? problem : null}
            visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
            onChange={event => setPassword(event.currentTarget.value)}
          />
          {save.isError && <Failed what="The password was not changed." error={save.error} />}
          <FormButtons verb="Set the password" busy={save.isPending} close={close} />
        </Stack>
      </form>
    </Modal>
  );
}
