// All settings that are set or that the server knows, searched and edited in one list.
import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { ConfirmDialog } from '../../parts/ConfirmDialog';
import { done } from '../../parts/notify';
import { Empty, Loaded } from '../../parts/States';
import { type Pair, useConfiguration, useConfigurationChanges } from './api';
import { KeyDialog } from './KeyDialog';
import { KNOWN_KEYS, knownKey } from './known_keys';
import { type Setting, SettingTable } from './SettingTable';

function rowsOf(pairs: Pair[], onlySet: boolean, search: string): Setting[] {
  const unset: Setting[] = onlySet ? [] : KNOWN_KEYS.filter(known => !pairs.some(({ key }) => key === known.key)).map(({ key }) => ({ key }));
  const matches = (text: string | undefined) => text?.toLowerCase().includes(search.toLowerCase()) ?? false;
  return [...pairs, ...unset].filter(({ key }) => matches(key) || matches(knownKey(key)?.meaning)).sort((left, right) => left.key.localeCompare(right.key));
}

export function SystemSettings() {
  const [params, setParams] = useSearchParams();
  const onlySet = params.get('show') !== 'all';
  const search = params.get('q') ?? '';
  const [dialog, setDialog] = useState<Setting | 'new' | null>(null);
  const [removing, setRemoving] = useState<string | null>(null);
  const { remove } = useConfigurationChanges();
  const configuration = useConfiguration();
  const set = (name: string, value: string) =>
    setParams(
      now => {
        now.delete(name);
        if (value !== '') {
          now.set(name, value);
        }
        return now;
      },
      { replace: true },
    );
  return (
    <Stack>
      <Group justify="space-between">
        <Group gap="xs">
          <TextInput
            aria-label="Search settings"
            placeholder="Search"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={search}
            onChange={event => set('q', event.currentTarget.value)}
          />
          <SegmentedControl
            aria-label="Which settings"
            data={[
              { value: 'set', label: 'Set' },
              { value: 'all', label: 'All known' },
            ]}
            value={onlySet ? 'set' : 'all'}
            onChange={value => set('show', value === 'all' ? 'all' : '')}
          />
        </Group>
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog('new')}>
          Add a setting
        </Button>
      </Group>
      <Loaded query={configuration} what="the configuration">
        {pairs => {
          const rows = rowsOf(pairs, onlySet, search);
          return (
            <>
              {rows.length === 0 ? (
                <Empty title="No such setting" text={search === '' ? 'Nothing is set: everything is as the server does it by itself.' : 'The search hides all of them.'} />
              ) : (
                <SettingTable rows={rows} edit={setDialog} remove={setRemoving} />
              )}
              {dialog !== null && <KeyDialog pair={dialog === 'new' ? undefined : dialog} taken={pairs} close={() => setDialog(null)} />}
            </>
          );
        }}
      </Loaded>
      <ConfirmDialog
        opened={removing !== null}
        title={`Remove ${removing ?? ''}?`}
        verb="Remove the setting"
        confirm={async () => {
          await remove(removing!);
          done(`${removing} is removed.`);
        }}
        close={() => setRemoving(null)}
      >
        <Text>
          {(removing !== null && knownKey(removing)?.standard && `Then this counts: ${knownKey(removing)!.standard}.`) || 'Then the server does as if it had never been set.'}
        </Text>
      </ConfirmDialog>
    </Stack>
  );
}
