// Counts and times of messages, and the flows' log (docs/formats/insights.md). Everybody over his own flows and those shared
// with him; administrators over all.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { call } from '../api/call';
import type { Slice } from './ranges';

export type Grouping = 'connector' | 'flowId';

export interface Percentiles {
  p50: number;
  p90: number;
  p99: number;
}

/** Attempts of a flow or a connector in some time; `messageMs` from queued to done, `callMs` of one attempt. */
export interface Statistics {
  flowId?: string;
  connector?: string;
  done: number;
  failed: number;
  bytes: number;
  messageMs: Percentiles | null;
  callMs: Percentiles | null;
}

export interface LogRecord {
  _id: string;
  _index: string;
  gridTimestamp: string;
  severity: string;
  type: string;
  flowId?: string;
  componentId?: string;
  componentType?: string;
  portType?: string;
  port?: string;
  msg?: unknown;
  [field: string]: unknown;
}

export interface LogPage {
  buckets: { key: number; doc_count: number }[];
  hits: LogRecord[];
}

export interface LogSearch {
  query: string;
  flowId: string;
  from: number;
  size: number;
}

/** The server looks no further than this. */
export const DEEPEST = 10_000;

const MOST_GROUPS = 1000;
const EVERY_MS = 15_000;

const fetchStatistics = (by: Grouping, flowId: string, from: number, to: number, signal?: AbortSignal): Promise<Statistics[]> =>
  // Hours count as a whole, the one of `to` too.
  call('GET /stats/messages', { query: { group: by, flowId, from, to: to - 1, limit: MOST_GROUPS }, signal });

export function useStatistics(by: Grouping, flowId: string, { from, to }: Slice) {
  return useQuery({
    queryKey: ['statistics', by, flowId, from, to],
    refetchInterval: EVERY_MS,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => fetchStatistics(by, flowId, from, to, signal),
  });
}

/** One answer a slice; what is over does not change any more and is asked for once. */
export function useStatisticsOverTime(by: Grouping, flowId: string, slices: Slice[]) {
  const now = Date.now();
  return useQueries({
    queries: slices.map(({ from, to }) => ({
      queryKey: ['statistics', by, flowId, from, to],
      staleTime: to <= now ? Infinity : 0,
      refetchInterval: to <= now ? (false as const) : EVERY_MS,
      queryFn: ({ signal }: { signal: AbortSignal }) => fetchStatistics(by, flowId, from, to, signal),
    })),
    combine: answers => ({
      rows: answers.map(({ data }) => data),
      error: answers.find(({ error }) => error !== null)?.error ?? null,
      ready: answers.every(({ data }) => data !== undefined),
      retry: () => answers.forEach(answer => answer.isError && void answer.refetch()),
    }),
  });
}

/** Names of flows; one that is gone has its id. */
export function useFlowNames(flowIds: string[]): Map<string, string> {
  return useQueries({
    queries: flowIds.map(id => ({
      queryKey: ['flows', 'name', id],
      staleTime: 60_000,
      queryFn: ({ signal }: { signal: AbortSignal }): Promise<{ name?: string }> => call('GET /flows/:id', { params: { id }, query: { projection: 'flowId,name' }, signal }),
    })),
    combine: answers => new Map(flowIds.map((id, at) => [id, answers[at]?.data?.name || id])),
  });
}

export function useLogs(search: LogSearch) {
  return useQuery({
    queryKey: ['logs', search],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }): Promise<LogPage> => call('GET /logs', { query: { ...search }, signal }),
  });
}
