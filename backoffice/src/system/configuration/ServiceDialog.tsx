// Settings of one service: client id and secret of one's own OAuth application, or whatever its connector reads.
import { ActionIcon, Autocomplete, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { FormButtons } from '../../parts/FormButtons';
import { done } from '../../parts/notify';
import { Failed } from '../../parts/States';
import { type ServiceSettings, useServiceChanges, useServiceIds } from './api';
import { ValueField } from './ValueField';
import { kindOf, problemOf, shown, type ValueKind, valueOf } from './values';

interface Entry {
  id: number;
  key: string;
  kind: ValueKind;
  text: string;
}

const SERVICE = /^[\w-]+(:[\w-]+){1,2}$/;
let lastId = 0;
const entry = (key: string, value: unknown): Entry => ({ id: (lastId += 1), key, kind: kindOf(value), text: shown(value) });

export function ServiceDialog({ settings, taken, close }: { settings?: ServiceSettings; taken: string[]; close: () => void }) {
  const { put } = useServiceChanges();
  const ids = useServiceIds();
  const [serviceId, setServiceId] = useState(settings?.serviceId ?? '');
  const [entries, setEntries] = useState<Entry[]>(() =>
    settings === undefined
      ? [entry('clientId', ''), entry('clientSecret', '')]
      : Object.entries(settings)
          .filter(([key]) => key !== 'serviceId')
          .map(([key, value]) => entry(key, value)),
  );
  const [tried, setTried] = useState(false);
  const idProblem = !SERVICE.test(serviceId) ? 'As in vendor:service.' : settings === undefined && taken.includes(serviceId) ? 'This service has settings already: edit those.' : null;
  const keyProblem = ({ id, key }: Entry) => (key.trim() === '' || key === 'serviceId' ? 'Name the key.' : entries.some(other => other.id !== id && other.key === key) ? 'Twice.' : null);
  const wrong = idProblem !== null || entries.some(one => keyProblem(one) !== null || problemOf(one.kind, one.text) !== null);
  const change = (id: number, part: Partial<Entry>) => setEntries(entries.map(one => (one.id === id ? { ...one, ...part } : one)));
  const save = useMutation({
    mutationFn: () => put(serviceId, Object.fromEntries(entries.map(({ key, kind, text }) => [key, valueOf(kind, text)]))),
    onSuccess: () => {
      done(`The settings of ${serviceId} are saved and count at once.`);
      close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!wrong) {
      save.mutate();
    }
  };
  return (
    <Modal
      opened
      onClose={close}
      title={settings === undefined ? 'Add settings of a service' : `Settings of ${settings.serviceId}`}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          {settings === undefined && (
            <Autocomplete
              label="Service"
              openOnFocus={false}
              description="vendor:service, as its connector names it."
              data={ids.data?.filter(id => !taken.includes(id)) ?? []}
              value={serviceId}
              error={tried ? idProblem : null}
              onChange={setServiceId}
              data-autofocus
            />
          )}
          <Text size="sm" c="dimmed">
            Connectors with OAuth read clientId and clientSecret (OAuth 2), or consumerKey and consumerSecret (OAuth 1). Without them accounts are connected through the hub, where there is one.
          </Text>
          {entries.map(one => (
            <Group key={one.id} align="flex-start" wrap="nowrap" gap="xs">
              <TextInput
                label="Key"
                w="35%"
                value={one.key}
                error={tried ? keyProblem(one) : null}
                onChange={event => change(one.id, { key: event.currentTarget.value })}
              />
              <div style={{ flex: 1, minWidth: 0 }}>
                <ValueField label={`Value of ${one.key || 'the key'}`} name={one.key} kind={one.kind} text={one.text} error={tried ? problemOf(one.kind, one.text) : null} change={text => change(one.id, { text })} />
              </div>
              <ActionIcon
                mt={28}
                variant="subtle"
                color="red"
                aria-label={`Remove ${one.key || 'the key'}`}
                onClick={() => setEntries(entries.filter(({ id }) => id !== one.id))}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <div>
            <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setEntries([...entries, entry('', '')])}>
              Add a key
            </Button>
          </div>
          {save.isError && <Failed what="The settings were not saved." error={save.error} />}
          <FormButtons verb="Save" busy={save.isPending} close={close} />
        </Stack>
      </form>
    </Modal>
  );
}
