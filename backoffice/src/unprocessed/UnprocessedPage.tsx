// Messages that failed for good: what failed and why, and the way back into their flows.
import { Button, Stack } from '@mantine/core';
import { useEffect } from 'react';
import { useIsAdmin } from '../api/session';
import { type Address, pageOf, useAddress } from '../parts/address';
import { announce } from '../parts/announce';
import { Page } from '../parts/Page';
import { Pager } from '../parts/Pager';
import { useSelection } from '../parts/selection';
import { Empty, Loaded } from '../parts/States';
import { fetchMatchingIds, PAGE_SIZE, type UnprocessedRow, useMessages, useNewest } from './api';
import { BackAgain } from './BackAgain';
import { BulkActions } from './BulkActions';
import { BulkProgress } from './BulkProgress';
import { choicesOf, FACETS, isFiltered, type MessageChoices } from './choices';
import { Facets } from './Facets';
import { MessageTable } from './MessageTable';
import { MessageView } from './MessageView';

export default function UnprocessedPage() {
  const admin = useIsAdmin();
  const address = useAddress();
  const choices = choicesOf(address);
  const query = useMessages(choices, pageOf(address));
  const { data: newest = [] } = useNewest(choices.flow);
  const ticket = address.get('ticket');
  const stay = { page: address.get('page') };
  const begun = (made: string) => address.change({ ...stay, ticket: made });
  return (
    <Page
      title="Unprocessed messages"
      about={
        admin
          ? 'Messages that failed for good in the flows of all users. They are kept until somebody puts them back or deletes them.'
          : 'Messages that failed for good in your flows. They are kept until you put them back or delete them.'
      }
    >
      {ticket !== '' && <BulkProgress ticket={ticket} close={() => address.change({ ...stay, ticket: undefined })} />}
      {ticket === '' && <BackAgain newest={newest} flow={choices.flow} begun={begun} />}
      <Facets rows={newest} address={address} choices={choices} />
      <Loaded query={query} what="unprocessed messages">
        {({ rows, total }) => <Messages rows={rows} total={total} address={address} choices={choices} begun={begun} />}
      </Loaded>
      <MessageView messageId={address.get('message')} close={() => address.change({ ...stay, message: undefined })} />
    </Page>
  );
}

interface ListProps {
  rows: UnprocessedRow[];
  total: number;
  address: Address;
  choices: MessageChoices;
  begun: (ticket: string) => void;
}

function Messages({ rows, total, address, choices, begun }: ListProps) {
  const selection = useSelection({
    onPage: rows.map(({ messageId }) => messageId),
    total,
    filters: choices,
    fetchAll: () => fetchMatchingIds(choices),
  });
  useEffect(() => announce(total === 1 ? '1 message' : `${total} messages`), [total]);
  if (total === 0) {
    return isFiltered(choices) ? (
      <Empty title="No message matches" text="The filters above hide all messages.">
        <Button variant="default" onClick={() => address.change(Object.fromEntries(FACETS.map(facet => [facet, ''])))}>
          Clear filters
        </Button>
      </Empty>
    ) : (
      <Empty title="No unprocessed messages" text="Every message of your flows was processed, or is still being tried." />
    );
  }
  return (
    <Stack gap="sm">
      <BulkActions
        selection={selection}
        begun={ticket => {
          selection.clear();
          begun(ticket);
        }}
      />
      <MessageTable rows={rows} selection={selection} open={message => address.change({ page: address.get('page'), message })} />
      <Pager page={pageOf(address)} size={PAGE_SIZE} total={total} what="messages" show={page => address.change({ page: String(page) })} />
    </Stack>
  );
}
