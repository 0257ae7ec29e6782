// Plans and operations on connectors (docs/formats/operation.md). Administrators only.
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { call, request } from '../api/call';
import type { Connector } from '../connectors/api';
import type { Operation, OperationStatus, Plan, PlannedAction, Refreshed, StoppedDelivery, TrashRow, UpdateMode } from './types';

export * from './types';

export const fetchOperation = (ticket: string, signal?: AbortSignal): Promise<Operation> =>
  call('GET /connectors/operations/:ticket', { params: { ticket }, signal });

export function useOperation(ticket: string | null, refetchInterval: number | false = false) {
  return useQuery({
    queryKey: ['operations', ticket],
    queryFn: ({ signal }) => fetchOperation(ticket!, signal),
    enabled: ticket !== null,
    refetchInterval: query => (query.state.data?.status === 'in-progress' ? refetchInterval : false),
  });
}

export interface OperationFilter {
  status?: OperationStatus;
  connector?: string;
  limit: number;
}

const fetchOperations = ({ status, connector, limit }: OperationFilter, signal: AbortSignal): Promise<Operation[]> =>
  call('GET /connectors/operations', { query: { connector, limit, filter: status === undefined ? undefined : `status:${status}` }, signal });

/** Newest first. */
export function useOperations(filter: OperationFilter) {
  return useQuery({
    queryKey: ['operations', 'list', filter],
    queryFn: ({ signal }) => fetchOperations(filter, signal),
    placeholderData: keepPreviousData,
  });
}

export interface PlanWish {
  action: PlannedAction;
  /** None: the newest that fits. */
  version?: string;
  /** Of a rollback: which one; none: the last. */
  operation?: string;
}

const fetchPlan = (name: string, wish: PlanWish, signal?: AbortSignal): Promise<Plan> =>
  call('GET /connectors/:name/plan', { params: { name }, query: { ...wish }, signal });

export const planQuery = (name: string, wish: PlanWish, enabled = true) =>
  queryOptions({ queryKey: ['plan', name, wish], queryFn: ({ signal }) => fetchPlan(name, wish, signal), enabled });

export const usePlan = (name: string, wish: PlanWish, enabled = true) => useQuery(planQuery(name, wish, enabled));

export interface Confirmation {
  confirmBreaking?: boolean;
  confirmationToken?: string;
  mode?: UpdateMode;
}

export const beginInstall = (name: string, body: { version?: string } & Confirmation): Promise<Operation> =>
  call('POST /connectors/:name/install', { params: { name }, body });

export const beginUpdate = (name: string, body: { version?: string } & Confirmation): Promise<Operation> =>
  call('POST /connectors/:name/update', { params: { name }, body });

export interface RemovalWish {
  stopFlows: boolean;
  inProgressData: 'keep' | 'delete';
}

export const beginRemoval = (name: string, wish: RemovalWish): Promise<Operation> =>
  call('DELETE /connectors/:name', { params: { name }, query: { confirm: true, ...wish } });

export const beginRollback = (name: string, operation?: string): Promise<Operation> =>
  call('POST /connectors/:name/rollback', { params: { name }, body: { operation, confirm: true } });

export const beginRestore = (id: string, body: Confirmation): Promise<Operation> =>
  call('POST /connectors/trash/:id/restore', { params: { id }, body });

export const cancelOperation = (ticket: string): Promise<Operation> => call('DELETE /connectors/operations/:ticket', { params: { ticket } });

const fetchTrash = (signal: AbortSignal): Promise<TrashRow[]> => call('GET /connectors/trash', { signal });

export function useTrash() {
  return useQuery({ queryKey: ['connectors', 'trash'], queryFn: ({ signal }) => fetchTrash(signal) });
}

export interface PendingUpdates {
  connectors: Connector[];
  /** Why a catalogue could not be read; then what it gave last is shown. */
  catalogueError: string | null;
}

async function fetchPendingUpdates(signal: AbortSignal): Promise<PendingUpdates> {
  const response = await request('GET /connectors', { query: { updateAvailable: true }, signal });
  return { connectors: (await response.json()) as Connector[], catalogueError: response.headers.get('X-Catalogue-Error') };
}

export function usePendingUpdates() {
  return useQuery({ queryKey: ['connectors', 'pending'], queryFn: ({ signal }) => fetchPendingUpdates(signal) });
}

export const refreshCatalogues = (): Promise<Refreshed> => call('POST /connectors/refresh', { body: {} });

const fetchConnectorNames = (signal: AbortSignal): Promise<Pick<Connector, 'name' | 'label'>[]> =>
  call('GET /connectors', { query: { projection: 'name,label' }, signal });

export function useConnectorNames() {
  return useQuery({ queryKey: ['connectors', 'names'], queryFn: ({ signal }) => fetchConnectorNames(signal) });
}

export const FLOW_STOPPED = 'WEBHOOK_FLOW_STOPPED';

const fetchLastStoppedDelivery = (signal: AbortSignal): Promise<StoppedDelivery[]> =>
  call('GET /system-webhooks/deliveries', { query: { event: FLOW_STOPPED, limit: 1 }, signal });

/** The newest delivery of WEBHOOK_FLOW_STOPPED; asked again while it is under way. */
export function useLastStoppedDelivery() {
  return useQuery({
    queryKey: ['deliveries', FLOW_STOPPED, 'last'],
    queryFn: async ({ signal }) => (await fetchLastStoppedDelivery(signal))[0] ?? null,
    refetchInterval: query => (query.state.data?.state === 'pending' ? 1500 : false),
  });
}

export const sendTestEvent = (): Promise<{ deliveries: StoppedDelivery[] }> => call('POST /system-webhooks/test', { body: { key: FLOW_STOPPED } });
