// The settings of this connector's service, edited where they are needed (S18).
import { ActionIcon, Button, Group, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { done } from '../../parts/notify';
import { Failed, Loaded } from '../../parts/States';
import type { ConnectorDetails } from '../api';
import { ExtraConfiguration } from './DescriptionSection';
import {
  isSecret,
  problemOf,
  saveSettings,
  serviceOf,
  type SettingRow,
  type Settings,
  toRows,
  toSettings,
  useServiceConfiguration,
} from './service_configuration';

export default function ConfigurationSection({ connector }: { connector: ConnectorDetails }) {
  const serviceId = serviceOf(connector);
  const required = connector.auth?.requiredKeys ?? [];
  return (
    <Stack gap="md">
      <Title order={2} size="h4">
        Configuration
      </Title>
      <ExtraConfiguration connector={connector} />
      <Text size="sm" c="dimmed">
        Settings of the service <code>{serviceId}</code>, for its accounts and components. All connectors of this service share them.
      </Text>
      <Loaded query={useServiceConfiguration(serviceId)} what="the configuration">
        {settings => <Editor serviceId={serviceId} stored={settings} required={required} />}
      </Loaded>
    </Stack>
  );
}

function Editor({ serviceId, stored, required }: { serviceId: string; stored: Settings; required: string[] }) {
  const client = useQueryClient();
  // What was typed stays, also when what is stored is read again meanwhile.
  const [edited, setRows] = useState<SettingRow[] | null>(null);
  const rows = edited ?? toRows(stored, required);
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: () => saveSettings(serviceId, toSettings(rows, required)),
    onSuccess: async () => {
      done(`The configuration of ${serviceId} was saved.`);
      await Promise.all([
        client.invalidateQueries({ queryKey: ['service-config', serviceId] }),
        client.invalidateQueries({ queryKey: ['connectors'] }),
      ]);
      setRows(null);
      setTried(false);
    },
  });
  const problems = rows.map(row => problemOf(row, rows));
  const submit = () => {
    setTried(true);
    if (problems.every(({ key, text }) => key === undefined && text === undefined)) {
      save.mutate();
    }
  };
  const change = (at: number, part: Partial<SettingRow>) => setRows(rows.map((row, index) => (index === at ? { ...row, ...part } : row)));
  return (
    <form
      noValidate
      onSubmit={event => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="sm" maw={720}>
        {rows.length === 0 && <Text size="sm">Nothing is configured.</Text>}
        {rows.map((row, at) => (
          <Row
            key={at}
            row={row}
            needed={required.includes(row.key)}
            fixed={row.key in stored || required.includes(row.key)}
            problem={tried ? problems[at]! : {}}
            change={part => change(at, part)}
            remove={() => setRows(rows.filter((_, index) => index !== at))}
          />
        ))}
        {save.isError && <Failed what="The configuration was not saved." error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setRows([...rows, { key: '', text: '', json: false }])}
          >
            Add a setting
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface RowProps {
  row: SettingRow;
  needed: boolean;
  /** Its name cannot be changed. */
  fixed: boolean;
  problem: { key?: string; text?: string };
  change: (part: Partial<SettingRow>) => void;
  remove: () => void;
}

function Row({ row, needed, fixed, problem, change, remove }: RowProps) {
  const value = {
    label: fixed ? row.key : 'Value',
    description: needed ? 'Needed before anybody can connect an account' : undefined,
    value: row.text,
    error: problem.text,
    autoComplete: 'off',
    flex: '1 1 12rem',
    onChange: (event: { currentTarget: { value: string } }) => change({ text: event.currentTarget.value }),
  };
  return (
    <Group align="flex-end" gap="xs">
      {!fixed && (
        <TextInput label="Name" value={row.key} error={problem.key} flex="1 1 10rem" onChange={event => change({ key: event.currentTarget.value })} />
      )}
      {isSecret(row.key) ? (
        <PasswordInput {...value} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': `Show ${row.key}` }} />
      ) : (
        <TextInput {...value} />
      )}
      <ActionIcon variant="default" size={36} aria-label={`Remove ${row.key || 'this setting'}`} onClick={remove}>
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
