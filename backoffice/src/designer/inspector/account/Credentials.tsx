// The credentials of an account: the fields that the service names, or names and values where the server does not say which.
import { ActionIcon, Button, Group, PasswordInput, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { CredentialField } from '../api';
import { plainText, wordsOf } from '../form_model';
import { optionsOf } from '../sources/options';

type Token = Record<string, string>;

export function CredentialsOf({ fields, token, change }: { fields: Record<string, CredentialField>; token: Token; change: (token: Token) => void }) {
  return (
    <Stack gap="sm">
      {Object.entries(fields).map(([name, field]) => {
        const set = (value: string) => change({ ...token, [name]: value });
        const frame = { label: field.name ?? wordsOf(name), description: field.tooltip === undefined ? undefined : plainText(field.tooltip), required: field.required === true, value: token[name] ?? '' };
        switch (field.type) {
          case 'password':
            return <PasswordInput key={name} {...frame} autoComplete="off" onChange={event => set(event.currentTarget.value)} />;
          case 'textarea':
            return <Textarea key={name} {...frame} autosize minRows={2} maxRows={10} onChange={event => set(event.currentTarget.value)} />;
          case 'select':
            return (
              <Select key={name} {...frame} data={optionsOf(field.options).map(({ value, label }) => ({ value: String(value), label }))} onChange={value => set(value ?? '')} />
            );
          default:
            return <TextInput key={name} {...frame} autoComplete="off" onChange={event => set(event.currentTarget.value)} />;
        }
      })}
    </Stack>
  );
}

export function CredentialRows({ change }: { token: Token; change: (token: Token) => void }) {
  const [rows, setRows] = useState<[name: string, value: string][]>([['apiKey', '']]);
  const set = (next: typeof rows) => {
    setRows(next);
    change(Object.fromEntries(next.filter(([name, value]) => name.trim() !== '' && value !== '').map(([name, value]) => [name.trim(), value])));
  };
  const replaced = (at: number, row: [string, string]) => rows.map((old, other) => (other === at ? row : old));
  return (
    <Stack gap="xs" role="group" aria-label="Credentials">
      <Text size="sm">What the service wants to know, by the names that the connector’s documentation gives: “apiKey”, or “user” and “password”.</Text>
      {rows.map(([name, value], at) => (
        <Group key={at} wrap="nowrap" align="flex-end" gap="xs">
          <TextInput label={`Field ${at + 1}`} flex={1} miw={0} autoComplete="off" value={name} onChange={event => set(replaced(at, [event.currentTarget.value, value]))} />
          <PasswordInput
            label={`Value ${at + 1}`}
            flex={1}
            miw={0}
            autoComplete="off"
            value={value}
            onChange={event => set(replaced(at, [name, event.currentTarget.value]))}
          />
          <ActionIcon variant="subtle" color="red" size="lg" aria-label={`Remove field ${at + 1}`} disabled={rows.length === 1} onClick={() => set(rows.filter((_, other) => other !== at))}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button variant="light" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setRows([...rows, ['', '']])}>
          Another field
        </Button>
      </div>
    </Stack>
  );
}
