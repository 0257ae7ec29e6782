// Which of the person's accounts at a third party the component uses.
import { Alert, Button, Group, Select, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Failed, Loaded } from '../../../parts/States';
import { type Account, type AccountChoices, assignAccount, useAccountChanged, useAccountChoices } from '../api';
import { useInspector, useIsOwner } from '../context';
import { wordsOf } from '../form_model';
import { AccountForm } from './AccountForm';

export function AccountSection({ service }: { service: string }) {
  const { componentId, manifest } = useInspector();
  const isOwner = useIsOwner();
  const query = useAccountChoices(manifest.name, componentId, isOwner);
  return (
    <Stack gap="sm" component="section" aria-label="Account">
      <Title order={3} size="h5">
        Account
      </Title>
      {isOwner ? (
        <Loaded query={query} what="your accounts">
          {choices => <Choice service={service} choices={choices} />}
        </Loaded>
      ) : (
        <Text size="sm">This component uses an account of the flow’s owner. Only the owner can see or change it.</Text>
      )}
    </Stack>
  );
}

function Choice({ service, choices }: { service: string; choices: AccountChoices }) {
  const { document, componentId, readOnly } = useInspector();
  const [adding, setAdding] = useState<'new' | Account | null>(null);
  const changed = useAccountChanged();
  const accounts = Object.values(choices.auth.accounts);
  const assigned = accounts.find(account => account.componentAssigned);
  const assign = useMutation({ mutationFn: (accountId: string | null) => assignAccount(document.flowId, componentId, accountId), onSuccess: changed });
  const said = document.attention?.find(one => one.componentId === componentId && one.code === 'reconnect-account');
  const isBad = said !== undefined || assigned?.accessTokenValid === false;
  const serviceName = wordsOf(service.split(':').at(-1) ?? service);
  return (
    <Stack gap="xs">
      <Select
        label={`${serviceName} account`}
        withAsterisk
        aria-required
        readOnly={readOnly}
        disabled={assign.isPending}
        placeholder={accounts.length === 0 ? 'You have none yet' : 'Choose …'}
        data={accounts.map(account => ({ value: account.accountId, label: `${nameOf(account)}${account.accessTokenValid ? '' : ' (reconnect needed)'}` }))}
        value={assigned?.accountId ?? null}
        error={assigned === undefined ? 'This component needs an account.' : undefined}
        allowDeselect={false}
        onChange={accountId => accountId !== null && assign.mutate(accountId)}
      />
      {isBad && (
        <Alert color="red" role="alert" p="xs" title="Reconnect needed">
          <Text size="sm">{said?.message ?? 'The service no longer accepts this account.'}</Text>
          {!readOnly && assigned !== undefined && (
            <Button size="compact-sm" variant="default" mt={6} onClick={() => setAdding(assigned)}>
              Reconnect account
            </Button>
          )}
        </Alert>
      )}
      {assign.isError && <Failed what="The account was not changed." error={assign.error} />}
      {!readOnly && (
        <Group gap="xs">
          <Button variant="light" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setAdding('new')}>
            Add an account
          </Button>
          {assigned !== undefined && (
            <Button variant="subtle" size="compact-sm" color="gray" loading={assign.isPending} onClick={() => assign.mutate(null)}>
              Use no account
            </Button>
          )}
        </Group>
      )}
      {adding !== null && (
        <AccountForm
          service={service}
          serviceName={serviceName}
          type={choices.auth.type}
          fields={choices.auth.fields}
          renewed={adding === 'new' ? undefined : adding}
          close={() => setAdding(null)}
          made={async accountId => {
            await assign.mutateAsync(accountId);
            setAdding(null);
          }}
        />
      )}
    </Stack>
  );
}

function nameOf({ displayName, name, accountId }: Account): string {
  return displayName || name || accountId;
}
