// What was sent to whom, newest first: state, tries, what comes next.
import { ActionIcon, Badge, Button, Code, Group, Select, Stack, Table, Text, Title } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { pageOf, useAddress } from '../../parts/address';
import { done, notDone } from '../../parts/notify';
import { Pager } from '../../parts/Pager';
import { Empty, Loaded } from '../../parts/States';
import { SpokenHead, TableHead } from '../../parts/TableHead';
import { Time } from '../../parts/Time';
import { type Delivery, useDeliveries, useDelivery, useDeliveryActions, useDeliveryCount } from './api';
import { SYSTEM_EVENTS } from './events';

const PAGE = 20;
const STATES = [
  { value: 'pending', label: 'Waiting for another try' },
  { value: 'delivered', label: 'Delivered' },
  { value: 'failed', label: 'Given up' },
];

export function DeliveryLog() {
  const address = useAddress();
  const page = pageOf(address);
  const filter = { event: address.get('event'), state: address.get('state') };
  const list = useDeliveries(filter, PAGE, (page - 1) * PAGE);
  const count = useDeliveryCount(filter);
  return (
    <Stack gap="sm" component="section" aria-labelledby="deliveries">
      <Title order={2} size="h4" id="deliveries">
        Deliveries
      </Title>
      <Group align="flex-end">
        <Select
          label="Event"
          placeholder="All events"
          clearable
          clearButtonProps={{ 'aria-label': 'All events' }}
          data={SYSTEM_EVENTS.map(({ key, title }) => ({ value: key, label: title }))}
          value={filter.event || null}
          onChange={value => address.change({ event: value ?? '' })}
        />
        <Select
          label="State"
          placeholder="All states"
          clearable
          clearButtonProps={{ 'aria-label': 'All states' }}
          data={STATES}
          value={filter.state || null}
          onChange={value => address.change({ state: value ?? '' })}
        />
      </Group>
      <Loaded query={list} what="the deliveries">
        {deliveries =>
          deliveries.length === 0 ? (
            <Empty title="Nothing was sent" text={filter.event || filter.state ? 'Not of this event and state; other filters may show more.' : undefined} />
          ) : (
            <Rows deliveries={deliveries} />
          )
        }
      </Loaded>
      <Pager page={page} size={PAGE} total={count.data ?? 0} what="deliveries" show={shown => address.change({ page: String(shown) }, { step: true })} />
    </Stack>
  );
}

function Rows({ deliveries }: { deliveries: Delivery[] }) {
  const [open, setOpen] = useState<string | null>(null);
  return (
    <Table.ScrollContainer minWidth={760} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Deliveries' } }}>
      <Table verticalSpacing="xs">
        <TableHead columns={[<SpokenHead w={40}>Payload</SpokenHead>, 'Event', 'Receiver', 'State', 'Tries', 'Sent', <SpokenHead w={120}>Again</SpokenHead>]} />
        <Table.Tbody>
          {deliveries.map(delivery => (
            <Fragment key={delivery.id}>
              <Row delivery={delivery} open={open === delivery.id} toggle={() => setOpen(open === delivery.id ? null : delivery.id)} />
              {open === delivery.id && (
                <Table.Tr>
                  <Table.Td colSpan={7}>
                    <Payload id={delivery.id} />
                  </Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ delivery, open, toggle }: { delivery: Delivery; open: boolean; toggle: () => void }) {
  const title = SYSTEM_EVENTS.find(({ key }) => key === delivery.event)?.title ?? delivery.event;
  return (
    <Table.Tr>
      <Table.Td>
        <ActionIcon variant="subtle" color="gray" aria-expanded={open} aria-label={`${open ? 'Hide' : 'Show'} what was sent to ${delivery.url}`} onClick={toggle}>
          {open ? <IconChevronDown size={16} aria-hidden /> : <IconChevronRight size={16} aria-hidden />}
        </ActionIcon>
      </Table.Td>
      <Table.Td>{title}</Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{delivery.url}</Table.Td>
      <Table.Td>
        <Badge variant="default" tt="none">
          {delivery.state}
          {delivery.status === null ? '' : ` ${delivery.status}`}
        </Badge>
        {delivery.lastError !== null && (
          <Text size="xs" c="dimmed">
            {delivery.lastError}
          </Text>
        )}
        {delivery.nextAttempt !== null && (
          <Text size="xs" c="dimmed">
            Next try <Time at={delivery.nextAttempt} />
          </Text>
        )}
      </Table.Td>
      <Table.Td>{delivery.attempts}</Table.Td>
      <Table.Td>
        <Time at={delivery.created} />
      </Table.Td>
      <Table.Td>
        <SendAgain id={delivery.id} />
      </Table.Td>
    </Table.Tr>
  );
}

function SendAgain({ id }: { id: string }) {
  const [busy, setBusy] = useState(false);
  const { sendAgain } = useDeliveryActions();
  const press = async () => {
    setBusy(true);
    try {
      await sendAgain(id);
      done('It is being sent again.');
    } catch (error) {
      notDone('It was not sent again.', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="compact-sm" variant="default" loading={busy} onClick={() => void press()}>
      Send again
    </Button>
  );
}

function Payload({ id }: { id: string }) {
  return (
    <Loaded query={useDelivery(id)} what="what was sent">
      {({ payload }) =>
        payload === null ? (
          <Text size="sm">Holds a secret code, or is erased: not shown.</Text>
        ) : (
          <Code block tabIndex={0} role="region" aria-label="What was sent" mah={360} style={{ overflow: 'auto' }}>
            {JSON.stringify(payload, null, 2)}
          </Code>
        )
      }
    </Loaded>
  );
}
