// Each role, whether it can use the connector, by which rule, and what its rule on this connector says. Saving writes only
// rules of this connector, and is refused when the rules have changed since they were read.
import { Alert, Button, Group, NativeSelect, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../../api/call';
import { done } from '../../parts/notify';
import { Failed } from '../../parts/States';
import { ScrollingTable } from '../details/ScrollingTable';
import { type ConnectorAccess, type Read, type RoleAccess, type RoleView, saveAccess, type Verdict } from './api';

const CHOICES: { value: Verdict; label: string }[] = [
  { value: 'inherit', label: 'By other rules' },
  { value: 'allow', label: 'Allow' },
  { value: 'deny', label: 'Deny' },
];

/** What was chosen, over the rules that it was chosen from: they may be others by now, which saving finds out. */
interface Edit {
  read: Read;
  changed: Record<string, Verdict>;
}

export function RolesEditor({ name, read }: { name: string; read: Read }) {
  const client = useQueryClient();
  const [edit, setEdit] = useState<Edit | null>(null);
  const { access, etag } = edit?.read ?? read;
  const changed = edit?.changed ?? {};
  const setChanged = (next: Record<string, Verdict>) => setEdit(Object.keys(next).length === 0 ? null : { read: edit?.read ?? read, changed: next });
  const readAgain = () => client.invalidateQueries({ queryKey: ['access', name] }).then(() => setEdit(null));
  const added = Object.keys(changed).filter(role => !access.roles.some(known => known.role === role));
  const save = useMutation({
    mutationFn: () => saveAccess(name, wanted(access.roles, added, changed), etag),
    onSuccess: () => {
      done('The access rules were saved.');
      return readAgain();
    },
  });
  const choose = (role: string, verdict: Verdict, before: Verdict) => {
    const { [role]: _, ...others } = changed;
    setChanged(verdict === before ? others : { ...others, [role]: verdict });
  };
  return (
    <Stack gap="xs" component="section" aria-labelledby="who">
      <Title order={3} size="h5" id="who">
        Who can use it
      </Title>
      <ScrollingTable label="Who can use it" columns={['Role', 'Can use it', 'Because of', 'Rule of this connector']}>
        {access.roles.map(view => (
          <Table.Tr key={view.role}>
            <Table.Td>{view.role}</Table.Td>
            <Table.Td>{view.effective ? 'Yes' : 'No'}</Table.Td>
            <Table.Td>{because(view, access)}</Table.Td>
            <Table.Td>
              <VerdictSelect role={view.role} value={changed[view.role] ?? view.access} choose={verdict => choose(view.role, verdict, view.access)} />
            </Table.Td>
          </Table.Tr>
        ))}
        {added.map(role => (
          <Table.Tr key={role}>
            <Table.Td>{role}</Table.Td>
            <Table.Td>–</Table.Td>
            <Table.Td>Not saved yet</Table.Td>
            <Table.Td>
              <VerdictSelect role={role} value={changed[role]!} choose={verdict => choose(role, verdict, 'inherit')} />
            </Table.Td>
          </Table.Tr>
        ))}
      </ScrollingTable>
      <AddRole known={[...access.roles.map(({ role }) => role), ...added]} add={role => setChanged({ ...changed, [role]: 'allow' })} />
      {save.isError && <NotSaved error={save.error} reload={() => void readAgain().then(() => save.reset())} />}
      {Object.keys(changed).length > 0 && (
        <Group role="status">
          <Text size="sm">Not saved yet.</Text>
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            Save access
          </Button>
          <Button variant="default" disabled={save.isPending} onClick={() => setEdit(null)}>
            Discard
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function VerdictSelect({ role, value, choose }: { role: string; value: Verdict; choose: (verdict: Verdict) => void }) {
  return (
    <NativeSelect
      aria-label={`Access of ${role}`}
      size="xs"
      data={CHOICES}
      value={value}
      onChange={event => choose(event.currentTarget.value as Verdict)}
    />
  );
}

function AddRole({ known, add }: { known: string[]; add: (role: string) => void }) {
  const [role, setRole] = useState('');
  const wished = role.trim();
  const take = () => {
    add(wished);
    setRole('');
  };
  return (
    <Group align="flex-end" gap="xs">
      <TextInput
        label="Another role"
        description="A scope, an e-mail address, or @domain"
        value={role}
        error={known.includes(wished) ? 'This role is in the list.' : undefined}
        onChange={event => setRole(event.currentTarget.value)}
      />
      <Button variant="default" disabled={wished === '' || known.includes(wished)} onClick={take}>
        Add role
      </Button>
    </Group>
  );
}

function NotSaved({ error, reload }: { error: unknown; reload: () => void }) {
  if (!(error instanceof ApiError) || error.status !== 412) {
    return <Failed what="The access rules were not saved." error={error} />;
  }
  return (
    <Alert role="alert" color="orange" title="The access rules were not saved">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">Somebody has changed them since you opened this page. Look at what they say now, then change them again.</Text>
        <Button size="xs" variant="default" onClick={reload}>
          Show the rules as they are
        </Button>
      </Stack>
    </Alert>
  );
}

function because({ role, rules }: RoleView, access: ConnectorAccess): string {
  if (role === 'admin') {
    return 'Administrators always can';
  }
  if (rules.length === 0) {
    return 'No rule';
  }
  return rules.map(at => `${at + 1}: ${access.rules[at]!.role} ${access.rules[at]!.resource} ${access.rules[at]!.action.join(', ')}`).join('; ');
}

function wanted(roles: RoleView[], added: string[], changed: Record<string, Verdict>): RoleAccess[] {
  const kept = roles.map(({ role, access, attributes, components }) => {
    const verdict = changed[role] ?? access;
    return { role, access: verdict, attributes: verdict === access ? attributes : [], components };
  });
  return [...kept, ...added.map(role => ({ role, access: changed[role]!, attributes: [], components: {} }))];
}
