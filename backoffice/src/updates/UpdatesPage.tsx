// What could be updated, with the risk of each; and the trash, from which a version comes back.
import { Button, Tabs } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { done, notDone } from '../parts/notify';
import { Page } from '../parts/Page';
import { refreshCatalogues } from './api';
import { PendingUpdates } from './PendingUpdates';
import { Trash } from './Trash';
import { count } from './words';

export default function UpdatesPage() {
  const [search, setSearch] = useSearchParams();
  const tab = search.get('tab') === 'trash' ? 'trash' : 'pending';
  return (
    <Page title="Updates" about="Newer versions of installed connectors." actions={<CheckNow />}>
      <Tabs value={tab} onChange={value => setSearch(value === 'trash' ? { tab: 'trash' } : {}, { replace: true })}>
        <Tabs.List>
          <Tabs.Tab value="pending">Pending updates</Tabs.Tab>
          <Tabs.Tab value="trash">Trash</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="pending" pt="md">
          {tab === 'pending' && <PendingUpdates />}
        </Tabs.Panel>
        <Tabs.Panel value="trash" pt="md">
          {tab === 'trash' && <Trash />}
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function CheckNow() {
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const check = async () => {
    setBusy(true);
    try {
      const { refreshed, error } = await refreshCatalogues();
      await client.invalidateQueries({ queryKey: ['connectors'] });
      if (error === null) {
        done(`The catalogues were read: ${count(refreshed, 'version')} on offer.`);
      } else {
        notDone('Not all catalogues could be read. What they gave last is still shown.', error);
      }
    } catch (error) {
      notDone('The catalogues were not read.', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button variant="default" leftSection={<IconRefresh size={16} aria-hidden />} loading={busy} onClick={() => void check()}>
      Check now
    </Button>
  );
}
