// Messages that failed for good (rest-api §21, §29.7). The server has no event for them: lists ask again every few seconds.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { call } from '../api/call';
import { fetchFlow } from '../flows/api';
import { ANY, type MessageChoices, queryOf } from './choices';

export interface UnprocessedRow {
  messageId: string;
  flowId: string;
  componentId: string;
  componentType: string;
  userId: string;
  created: string;
  /** JSON in a text. */
  err: string;
}

export interface UnprocessedMessage extends UnprocessedRow {
  correlationId: string[];
  /** In port → what came there. */
  messages: Record<string, { content: unknown; properties?: { sender?: { componentId?: string; type?: string } } }[]>;
}

export const PAGE_SIZE = 25;
/** The server looks at the newest 10,000 only, and takes no more ids at once. */
export const MOST_AT_ONCE = 10_000;
/** Facets are counted over the newest of these. */
export const MOST_COUNTED = 1000;
export const REFRESH_MS = 5000;
const POLL_MS = 500;
const ROW = 'messageId,flowId,componentId,componentType,userId,created,err';

export function useMessages(choices: MessageChoices, page: number) {
  return useQuery({
    queryKey: ['flows', 'unprocessed', choices, page],
    queryFn: async ({ signal }) => {
      const query = queryOf(choices);
      const paged = { ...query, projection: ROW, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE };
      const rows: Promise<UnprocessedRow[]> = call('GET /unprocessed-messages', { query: paged, signal });
      const counted: Promise<{ count: number }> = call('GET /unprocessed-messages/count', { query, signal });
      const [found, { count }] = await Promise.all([rows, counted]);
      return { rows: found, total: count };
    },
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
}

/** What the facets are counted from. With a flow: of that flow, which may be somebody else's. */
export function useNewest(flow: string) {
  return useQuery({
    queryKey: ['flows', 'unprocessed', 'newest', flow],
    queryFn: ({ signal }): Promise<UnprocessedRow[]> =>
      call('GET /unprocessed-messages', { query: { ...queryOf({ ...ANY, flow }), projection: ROW, limit: MOST_COUNTED }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

export async function fetchMatchingIds(choices: MessageChoices): Promise<string[]> {
  const rows: UnprocessedRow[] = await call('GET /unprocessed-messages', {
    query: { ...queryOf(choices), projection: 'messageId', limit: MOST_AT_ONCE },
  });
  return rows.map(({ messageId }) => messageId);
}

export const fetchMessage = (messageId: string, signal?: AbortSignal): Promise<UnprocessedMessage> =>
  call('GET /unprocessed-messages/:messageId', { params: { messageId }, signal });

export function useMessage(messageId: string) {
  return useQuery({ queryKey: ['unprocessed-message', messageId], queryFn: ({ signal }) => fetchMessage(messageId, signal) });
}

export type BulkAction = 'retry' | 'delete';

export interface BulkTicket {
  ticket: string;
  action: BulkAction;
  status: 'in-progress' | 'completed' | 'cancelled';
  total: number;
  done: number;
  failed: number;
  errors: { message: string; count: number }[];
}

// Always by ids: an administrator's filter would hit the messages of all users, and he was shown his own.
export const beginBulk = (action: BulkAction, ids: string[]): Promise<{ ticket: string; count: number }> =>
  action === 'retry'
    ? call('POST /unprocessed-messages/bulk/retry', { body: { ids } })
    : call('POST /unprocessed-messages/bulk/delete', { body: { ids } });

export const cancelBulk = (ticket: string): Promise<unknown> => call('DELETE /unprocessed-messages/bulk/:ticket', { params: { ticket } });

export function useBulkTicket(ticket: string) {
  return useQuery({
    queryKey: ['flows', 'unprocessed-bulk', ticket],
    queryFn: ({ signal }): Promise<BulkTicket> => call('GET /unprocessed-messages/bulk/:ticket', { params: { ticket }, signal }),
    refetchInterval: query => (query.state.data?.status === 'in-progress' ? POLL_MS : false),
  });
}

/** By flow id; who is not there was not found (yet). */
export function useFlowNames(flowIds: string[]): Record<string, string> {
  const ids = [...new Set(flowIds)];
  return useQueries({
    queries: ids.map(id => ({ queryKey: ['flows', 'one', id], queryFn: () => fetchFlow(id), staleTime: 60_000 })),
    combine: answers => Object.fromEntries(answers.flatMap(({ data }, at) => (data ? [[ids[at]!, data.name]] : []))),
  });
}
