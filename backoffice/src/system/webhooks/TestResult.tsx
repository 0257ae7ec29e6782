import { List, Text } from '@mantine/core';
import { type Delivery, useFirstAttempt } from './api';

/** What became of a test, receiver by receiver. */
export function TestResult({ deliveries }: { deliveries: Delivery[] }) {
  return (
    <div role="status" aria-label="Result of the test">
      <List size="sm" spacing={4}>
        {deliveries.map(delivery => (
          <List.Item key={delivery.id}>
            <Attempt delivery={delivery} />
          </List.Item>
        ))}
      </List>
    </div>
  );
}

function Attempt({ delivery }: { delivery: Delivery }) {
  const { data } = useFirstAttempt(delivery);
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {data.url}: <b>{outcomeOf(data)}</b>
    </Text>
  );
}

function outcomeOf({ state, attempts, status, lastError }: Delivery): string {
  if (state === 'delivered') {
    return `delivered, the receiver answered ${status ?? 'well'}.`;
  }
  if (attempts === 0 && state === 'pending') {
    return 'being sent …';
  }
  return `not delivered: ${lastError ?? 'no reason was told.'}${state === 'pending' ? ' It will be tried again.' : ''}`;
}
