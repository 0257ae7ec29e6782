// A new account with a key or a password, or new credentials for one that there is. The server checks them with the connector
// before it keeps them, and never gives them out again.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Failed } from '../../../parts/States';
import { type Account, createAccount, type CredentialField } from '../api';
import { CredentialRows, CredentialsOf } from './Credentials';

interface Props {
  service: string;
  serviceName: string;
  /** How the service signs in, where the server says. */
  type?: string;
  fields?: Record<string, CredentialField>;
  renewed?: Account;
  close: () => void;
  made: (accountId: string) => Promise<void>;
}

export function AccountForm({ service, serviceName, type, fields, renewed, close, made }: Props) {
  const [displayName, setDisplayName] = useState(renewed?.displayName ?? '');
  const [token, setToken] = useState<Record<string, string>>({});
  const create = useMutation({ mutationFn: async () => made((await createAccount(service, displayName.trim(), token)).accountId) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  const isOauth = type === 'oauth' || type === 'oauth2';
  return (
    <Modal
      opened
      onClose={close}
      title={renewed === undefined ? `Add an account of ${serviceName}` : `Reconnect ${renewed.displayName || renewed.name}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {isOauth ? (
        <Stack>
          <Text size="sm">
            {serviceName} signs in at the provider itself (OAuth), which this version of the server cannot do yet. An administrator can make such an account through the API.
          </Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Close
            </Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="Name"
              description="What you want to call it. Another account of this name is renewed."
              data-autofocus
              value={displayName}
              onChange={event => setDisplayName(event.currentTarget.value)}
            />
            {fields === undefined ? <CredentialRows token={token} change={setToken} /> : <CredentialsOf fields={fields} token={token} change={setToken} />}
            {create.isError && <Failed what="The account was not saved." error={create.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending} disabled={Object.keys(token).length === 0}>
                Check and save
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
