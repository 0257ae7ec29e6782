// All flows (an administrator: of everybody), filtered, in pages, with what can be done with one or with many of them.
import { Button, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useIsAdmin } from '../api/session';
import { type Address, pageOf, useAddress } from '../parts/address';
import { announce } from '../parts/announce';
import { Page } from '../parts/Page';
import { Pager } from '../parts/Pager';
import { useSelection } from '../parts/selection';
import { Empty, Loaded } from '../parts/States';
import { fetchMatchingIds, type FlowPage, PAGE_SIZE, useFlows } from './api';
import { BulkActions } from './BulkActions';
import { BulkProgress } from './BulkProgress';
import { type FlowChoices, choicesOf, isFiltered } from './flow_choices';
import { FlowFilters } from './FlowFilters';
import { FlowTable } from './FlowTable';
import { NewFlow } from './NewFlow';

export default function FlowsPage() {
  const admin = useIsAdmin();
  const address = useAddress();
  const choices = choicesOf(address);
  const query = useFlows(choices, pageOf(address), admin);
  const [making, setMaking] = useState(false);
  const ticket = address.get('ticket');
  return (
    <Page
      title="Flows"
      about={admin ? 'The flows of all users.' : 'Your flows, and those that others share with you.'}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          New flow
        </Button>
      }
    >
      {ticket !== '' && <BulkProgress ticket={ticket} close={() => address.change({ ticket: undefined, page: address.get('page') })} />}
      <FlowFilters address={address} choices={choices} />
      <Loaded query={query} what="flows">
        {found => <FlowList found={found} address={address} choices={choices} admin={admin} make={() => setMaking(true)} />}
      </Loaded>
      <NewFlow opened={making} close={() => setMaking(false)} />
    </Page>
  );
}

interface ListProps {
  found: FlowPage;
  address: Address;
  choices: FlowChoices;
  admin: boolean;
  make: () => void;
}

function FlowList({ found: { rows, total }, address, choices, admin, make }: ListProps) {
  const { sort: _, ...filters } = choices;
  const selection = useSelection({
    onPage: rows.map(({ flowId }) => flowId),
    total,
    filters,
    fetchAll: () => fetchMatchingIds(choices, admin),
  });
  useEffect(() => announce(total === 1 ? '1 flow' : `${total} flows`), [total]);
  if (total === 0) {
    return isFiltered(choices) ? <NoneMatches address={address} /> : <NoFlows make={make} />;
  }
  return (
    <Stack gap="sm">
      {admin && (
        <BulkActions
          selection={selection}
          begun={ticket => {
            selection.clear();
            address.change({ ticket, page: address.get('page') });
          }}
        />
      )}
      <FlowTable rows={rows} admin={admin} selection={admin ? selection : undefined} />
      <Pager page={pageOf(address)} size={PAGE_SIZE} total={total} what="flows" show={page => address.change({ page: String(page) })} />
    </Stack>
  );
}

function NoneMatches({ address }: { address: Address }) {
  return (
    <Empty title="No flow matches" text="The search and the filters above hide all flows.">
      <Button variant="default" onClick={() => address.change({ q: '', connector: '', stage: '', attention: '' })}>
        Clear filters
      </Button>
    </Empty>
  );
}

function NoFlows({ make }: { make: () => void }) {
  return (
    <Empty title="There are no flows yet" text="A flow connects services: when something happens in one, it does something in others.">
      <Button variant="default" onClick={make}>
        Make the first flow
      </Button>
    </Empty>
  );
}
