// Whether anybody is told of the flows that an update stops (S119): the system webhook WEBHOOK_FLOW_STOPPED, its last delivery,
// and a test of it.
import { Alert, Anchor, Button, Card, Group, List, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { notDone } from '../parts/notify';
import { Time } from '../parts/Time';
import { FLOW_STOPPED, sendTestEvent, useLastStoppedDelivery } from './api';
import type { Plan, StoppedDelivery } from './types';

export function StoppedWebhook({ webhook }: { webhook: Plan['stoppedWebhook'] }) {
  return (
    <Card withBorder>
      <Stack gap="xs" align="flex-start">
        <Title order={2} size="h4">
          Who is told
        </Title>
        {webhook.configured ? <Configured urls={webhook.urls} /> : <NotConfigured />}
      </Stack>
    </Card>
  );
}

function NotConfigured() {
  return (
    <Alert color="yellow" title={`${FLOW_STOPPED} is not set`}>
      <Text size="sm">
        Nobody is told automatically which flows are stopped and why. It is recommended to set it before a breaking update:{' '}
        <Anchor component={Link} to="/system/webhooks" size="sm" c="inherit" underline="always">
          System Webhooks
        </Anchor>
        .
      </Text>
    </Alert>
  );
}

function Configured({ urls }: { urls: string[] }) {
  const last = useLastStoppedDelivery();
  return (
    <>
      <Text size="sm">{FLOW_STOPPED} is sent for each flow that is stopped, to:</Text>
      <List size="sm">
        {urls.map(url => (
          <List.Item key={url} style={{ overflowWrap: 'anywhere' }}>
            {url}
          </List.Item>
        ))}
      </List>
      <Group gap="xs" role="status">
        <Text size="sm">Last delivery:</Text>
        {last.data === undefined ? <Text size="sm">loading …</Text> : <Delivery delivery={last.data} />}
      </Group>
      <TestButton />
    </>
  );
}

function Delivery({ delivery }: { delivery: StoppedDelivery | null }) {
  if (delivery === null) {
    return <Text size="sm">none yet</Text>;
  }
  const { state, status, lastError, created } = delivery;
  const words = { pending: 'under way', delivered: `delivered (${status})`, failed: 'failed' }[state];
  return (
    <Text size="sm">
      {words} <Time at={created} />
      {lastError !== null && state !== 'delivered' && `: ${lastError}`}
    </Text>
  );
}

function TestButton() {
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const send = async () => {
    setBusy(true);
    try {
      await sendTestEvent();
      await client.invalidateQueries({ queryKey: ['deliveries', FLOW_STOPPED] });
    } catch (error) {
      notDone('The test event was not sent.', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="xs" variant="default" loading={busy} onClick={() => void send()}>
      Send test event
    </Button>
  );
}
