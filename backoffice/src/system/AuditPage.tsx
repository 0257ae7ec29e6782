// Audit: who changed what, when and from where. No value of a setting is in it, so no secret.
import { Button, Group, Menu, Select, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { type Address, pageOf, useAddress } from '../parts/address';
import { announce } from '../parts/announce';
import { csvOf } from '../parts/csv';
import { notDone } from '../parts/notify';
import { saveFile } from '../parts/save_file';
import { Page } from '../parts/Page';
import { Pager } from '../parts/Pager';
import { Empty, Loaded } from '../parts/States';
import { type AuditEntry, type AuditFilter, useAudit, useAuditCount, wholeAudit } from './audit/api';
import { AuditTable } from './audit/AuditTable';
import { SearchField } from './SearchField';
import { useUsers } from './users/api';

const PAGE = 50;
const RESOURCES = ['connector', 'acl', 'configuration', 'service-configuration', 'user'];
const ACTIONS = ['install', 'update', 'remove', 'rollback', 'publish', 'change', 'create'];
const COLUMNS: (keyof AuditEntry)[] = ['at', 'userId', 'action', 'resource', 'name', 'from', 'to', 'outcome', 'ticket', 'ip'];

export default function AuditPage() {
  const address = useAddress();
  const page = pageOf(address);
  const filter: AuditFilter = { resource: address.get('resource'), action: address.get('action'), name: address.get('name'), userId: address.get('user'), day: address.get('day') };
  const filtered = Object.values(filter).some(value => value !== '');
  const entries = useAudit(filter, PAGE, (page - 1) * PAGE);
  const count = useAuditCount(filter);
  useEffect(() => {
    if (count.data !== undefined) {
      announce(`${count.data} entries`);
    }
  }, [count.data]);
  return (
    <Page
      title="Audit"
      about={count.data === undefined ? undefined : `${count.data} ${count.data === 1 ? 'entry' : 'entries'}${filtered ? ' found' : ''}, newest first`}
      actions={<ExportMenu filter={filter} />}
    >
      <Filters address={address} filtered={filtered} />
      <Loaded query={entries} what="the audit">
        {found =>
          found.length === 0 ? (
            <Empty title="No entries" text={filtered ? 'The filters hide what there is.' : 'Nothing was changed yet.'}>
              {filtered && (
                <Button variant="default" onClick={address.clear}>
                  Clear filters
                </Button>
              )}
            </Empty>
          ) : (
            <AuditTable entries={found} />
          )
        }
      </Loaded>
      <Pager page={page} size={PAGE} total={count.data ?? 0} what="entries" show={shown => address.change({ page: String(shown) }, { step: true })} />
    </Page>
  );
}

function Filters({ address, filtered }: { address: Address; filtered: boolean }) {
  const [typed, setTyped] = useState('');
  const people = useUsers({ pattern: typed, limit: 20, offset: 0 });
  const user = address.get('user');
  const found = (people.data ?? []).map(({ id, username }) => ({ value: id, label: username }));
  return (
    <Group align="flex-end" gap="sm">
      <Choice label="Resource" all="All resources" values={RESOURCES} value={address.get('resource')} choose={value => address.change({ resource: value ?? '' })} />
      <Choice label="Action" all="All actions" values={ACTIONS} value={address.get('action')} choose={value => address.change({ action: value ?? '' })} />
      <SearchField key={address.get('name') === '' ? 'none' : 'some'} label="Name contains" value={address.get('name')} search={text => address.change({ name: text })} />
      <Select
        label="Who"
        placeholder="Everybody"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Everybody' }}
        filter={({ options }) => options}
        data={user === '' || found.some(({ value }) => value === user) ? found : [{ value: user, label: 'The chosen person' }, ...found]}
        value={user || null}
        onChange={value => address.change({ user: value ?? '' })}
        onSearchChange={setTyped}
      />
      <TextInput label="Day (UTC)" type="date" value={address.get('day')} onChange={event => address.change({ day: event.currentTarget.value })} />
      {filtered && (
        <Button variant="default" onClick={address.clear}>
          Clear filters
        </Button>
      )}
    </Group>
  );
}

function Choice({ label, all, values, value, choose }: { label: string; all: string; values: string[]; value: string; choose: (value: string | null) => void }) {
  return <Select label={label} placeholder={all} clearable clearButtonProps={{ 'aria-label': all }} data={values} value={value || null} onChange={choose} w={170} />;
}

function ExportMenu({ filter }: { filter: AuditFilter }) {
  const [busy, setBusy] = useState(false);
  const give = async (format: 'csv' | 'json') => {
    setBusy(true);
    try {
      const all = await wholeAudit(filter);
      const [type, content] = format === 'csv' ? ['text/csv', csvOf(COLUMNS, all)] : ['application/json', JSON.stringify(all, null, 2)];
      saveFile(`audit-${new Date().toISOString().slice(0, 10)}.${format}`, new Blob([content!], { type }));
    } catch (error) {
      notDone('The audit was not exported.', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu>
      <Menu.Target>
        <Button variant="default" loading={busy} leftSection={<IconDownload size={16} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void give('csv')}>As CSV (all that the filters leave)</Menu.Item>
        <Menu.Item onClick={() => void give('json')}>As JSON (all that the filters leave)</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
