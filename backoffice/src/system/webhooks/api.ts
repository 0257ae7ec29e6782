// System webhooks: their receivers (configuration keys), tests and deliveries. Administrators only.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import { useSession } from '../../api/session';

export interface Delivery {
  id: string;
  event: string;
  url: string;
  flowId: string | null;
  state: 'pending' | 'delivered' | 'failed';
  attempts: number;
  status: number | null;
  lastError: string | null;
  created: string;
  lastAttempt: string | null;
  nextAttempt: string | null;
  finished: string | null;
}

export interface DeliveryFilter {
  event: string;
  state: string;
}

/** A flow of one's own that a Webhook trigger starts. */
export interface WebhookFlow {
  flowId: string;
  flowName: string;
  value1: string;
}

const POLL_MS = 3000;
const TEST_POLL_MS = 500;

export function useDeliveries(filter: DeliveryFilter, limit: number, offset: number) {
  return useQuery({
    queryKey: ['deliveries', 'list', filter, limit, offset],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }): Promise<Delivery[]> => call('GET /system-webhooks/deliveries', { query: { ...filter, limit, offset }, signal }),
    refetchInterval: POLL_MS,
  });
}

export function useDeliveryCount(filter: DeliveryFilter) {
  return useQuery({
    queryKey: ['deliveries', 'count', filter],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<number> =>
      (await call<'GET /system-webhooks/deliveries/count', { count: number }>('GET /system-webhooks/deliveries/count', { query: { ...filter }, signal })).count,
    refetchInterval: POLL_MS,
  });
}

/** With what was sent; `null` where it holds a secret code. */
export function useDelivery(id: string) {
  return useQuery({
    queryKey: ['deliveries', 'one', id],
    queryFn: ({ signal }): Promise<Delivery & { payload: unknown }> => call('GET /system-webhooks/deliveries/:id', { params: { id }, signal }),
  });
}

/** The same until its first attempt is over. */
export function useFirstAttempt(delivery: Delivery) {
  return useQuery({
    queryKey: ['deliveries', 'attempt', delivery.id],
    initialData: delivery,
    queryFn: ({ signal }): Promise<Delivery> => call('GET /system-webhooks/deliveries/:id', { params: { id: delivery.id }, signal }),
    refetchInterval: ({ state }) => (state.data?.attempts === 0 ? TEST_POLL_MS : false),
  });
}

export function useDeliveryActions() {
  const client = useQueryClient();
  const told = () => void client.invalidateQueries({ queryKey: ['deliveries'] });
  return {
    test: async (key: string): Promise<Delivery[]> => {
      const { deliveries }: { deliveries: Delivery[] } = await call('POST /system-webhooks/test', { body: { key } });
      told();
      return deliveries;
    },
    sendAgain: async (id: string): Promise<void> => {
      await call('POST /system-webhooks/deliveries/:id/retry', { params: { id } });
      told();
    },
  };
}

export function useWebhookFlows() {
  const { session } = useSession();
  return useQuery({
    queryKey: ['flows', 'webhooks', session?.id],
    queryFn: ({ signal }): Promise<WebhookFlow[]> =>
      // By the end of its type: whoever made the connector.
      call('GET /stats/component-usage', { query: { componentType: 'http.Webhook', userId: session?.id, group: '$flowId' }, signal }),
  });
}

/** Addresses of a flow's Webhook triggers. */
export async function webhookAddresses({ flowId, value1 }: WebhookFlow): Promise<string[]> {
  const { flow }: { flow: Record<string, { type: string }> } = await call('GET /flows/:id', { params: { id: flowId } });
  const triggers = Object.keys(flow).filter(componentId => flow[componentId]!.type === value1);
  const found: { url: string }[] = await Promise.all(
    triggers.map(componentId => call<'GET /triggers/:componentId/url', { url: string }>('GET /triggers/:componentId/url', { params: { componentId } })),
  );
  return found.map(({ url }) => url);
}
