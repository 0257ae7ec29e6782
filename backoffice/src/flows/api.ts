// Flows as lists show them (rest-api §8.1), what can be done with one, and with many at once (§29.7).
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call } from '../api/call';
import type { Attention, ComponentDescriptor } from '../designer/flow_document';
import { type FlowChoices, orderOf, queryOf } from './flow_choices';

export type Stage = 'running' | 'stopped' | 'starting' | 'stopping';

export interface FlowRow {
  flowId: string;
  userId: string;
  name: string;
  type: string;
  stage: Stage;
  flow: Record<string, ComponentDescriptor>;
  attention?: Attention[];
  sharedWith?: { permissions: string[] }[];
  mtime: string;
  started: string | null;
  stopped: string | null;
}

export interface FlowPage {
  rows: FlowRow[];
  total: number;
}

export const PAGE_SIZE = 25;
/** More than the server would list of its own accord; flows by the ten thousand are chosen by a filter. */
export const MOST_FLOWS = 10_000;

const ROW = 'flowId,userId,name,type,stage,flow,attention,sharedWith,mtime,started,stopped';

export function useFlows(choices: FlowChoices, page: number, admin: boolean) {
  return useQuery({
    queryKey: ['flows', 'list', choices, page, admin],
    queryFn: ({ signal }) => fetchPage(choices, page, admin, signal),
    placeholderData: keepPreviousData,
  });
}

// The server takes one connector a list. The flows that use any of several are therefore joined and put in order here.
async function fetchPage(choices: FlowChoices, page: number, admin: boolean, signal: AbortSignal): Promise<FlowPage> {
  const offset = (page - 1) * PAGE_SIZE;
  if (choices.connectors.length > 1) {
    const all = await fetchAnyOf(choices, admin, ROW, signal);
    return { rows: all.sort(orderOf(choices.sort)).slice(offset, offset + PAGE_SIZE), total: all.length };
  }
  const query = queryOf(choices, choices.connectors[0], admin);
  const rows: Promise<FlowRow[]> = call('GET /flows', { query: { ...query, projection: ROW, offset, limit: PAGE_SIZE }, signal });
  const counted: Promise<{ count: number }> = call('GET /flows/count', { query, signal });
  const [found, { count }] = await Promise.all([rows, counted]);
  return { rows: found, total: count };
}

async function fetchAnyOf(choices: FlowChoices, admin: boolean, projection: string, signal?: AbortSignal): Promise<FlowRow[]> {
  const connectors = choices.connectors.length === 0 ? [undefined] : choices.connectors;
  const listOf = (connector?: string): Promise<FlowRow[]> =>
    call('GET /flows', { query: { ...queryOf(choices, connector, admin), projection, limit: MOST_FLOWS }, signal });
  const lists = await Promise.all(connectors.map(listOf));
  return [...new Map(lists.flat().map(row => [row.flowId, row])).values()];
}

/** Ids of all flows that match, on whatever page they are. */
export async function fetchMatchingIds(choices: FlowChoices, admin: boolean): Promise<string[]> {
  return (await fetchAnyOf(choices, admin, 'flowId')).map(({ flowId }) => flowId);
}

export const fetchFlow = (id: string, signal?: AbortSignal): Promise<FlowRow> => call('GET /flows/:id', { params: { id }, signal });

export function useFlow(id: string) {
  return useQuery({ queryKey: ['flows', 'one', id], queryFn: ({ signal }) => fetchFlow(id, signal) });
}

export const createFlow = (name: string): Promise<{ flowId: string }> => call('POST /flows', { body: { name, flow: {} } });

export const startFlow = (id: string): Promise<unknown> => call('POST /flows/:id/coordinator', { params: { id }, body: { command: 'start' } });

export const stopFlow = (id: string): Promise<unknown> => call('POST /flows/:id/coordinator', { params: { id }, body: { command: 'stop' } });

export const cloneFlow = (id: string): Promise<{ flowId: string }> =>
  call('POST /flows/:id/clone', { params: { id }, body: { prefix: 'Copy of ', projection: '-sharedWith' } });

export const deleteFlow = (id: string): Promise<unknown> => call('DELETE /flows/:id', { params: { id } });

export type Command = 'start' | 'stop';

/** Many flows' start or stop, behind a ticket. Administrators only. */
export interface BulkCommand {
  ticket: string;
  command: Command;
  status: 'in-progress' | 'completed' | 'failed';
  stepsDone: number;
  stepsTotal: number;
  flows: { total: number; started?: number; stopped?: number; failed: { flowId: string; message: string }[]; failedCount: number };
  err: string | null;
}

export const beginBulk = (command: Command, flowIds: string[]): Promise<BulkCommand> =>
  call('POST /flows/bulk/coordinator', { body: { command, flowIds } });

const POLL_MS = 500;

export function useBulkCommand(ticket: string) {
  return useQuery({
    queryKey: ['flows', 'bulk', ticket],
    queryFn: ({ signal }): Promise<BulkCommand> => call('GET /flows/bulk/coordinator/:ticket', { params: { ticket }, signal }),
    refetchInterval: query => (query.state.data?.status === 'in-progress' ? POLL_MS : false),
  });
}
