// How many messages each out port has sent since the flow was started, at most in the last hour: every link of that port
// carried each of them. Counted from the log, so there are none where the setting LOG_COMPONENT_OUTPUT_MESSAGES is off.
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call';
import type { StoredFlow } from './api';
import type { Link } from './document/links';

const POLL_MS = 2000;
const HOUR_MS = 3_600_000;
const MOST = 1000;

interface Bucket {
  key: string;
  doc_count: number;
  ports?: { buckets: Bucket[] };
}

/** Key: as of countOf. */
export type Counts = Map<string, number>;

export const countOf = (counts: Counts, { source, outPort }: Link) => counts.get(`${source}/${outPort}`) ?? 0;

/** Nothing while the flow does not run; a tab that nobody sees does not ask. */
export function useCounts({ flowId, stage, started }: StoredFlow): Counts {
  const running = stage === 'running';
  const { data } = useQuery({
    queryKey: ['flows', flowId, 'counts', started],
    queryFn: ({ signal }) => fetchCounts(flowId, started, signal),
    enabled: running,
    refetchInterval: POLL_MS,
  });
  return running && data !== undefined ? data : NONE;
}

const NONE: Counts = new Map();

async function fetchCounts(flowId: string, started: string | null, signal: AbortSignal): Promise<Counts> {
  const since = new Date(Math.max(Date.parse(started ?? '') || 0, Date.now() - HOUR_MS)).toISOString();
  const query = `type:data AND portType:out AND gridTimestamp:["${since}" TO *]`;
  const ports = { terms: { field: 'port', size: MOST } };
  const answer = await call<'POST /logs', { aggregations: { components: { buckets: Bucket[] } } }>('POST /logs', {
    query: { flowId, query, size: 0 },
    body: { aggs: { components: { terms: { field: 'componentId', size: MOST }, aggs: { ports } } } },
    signal,
  });
  const all = answer.aggregations.components.buckets.flatMap(component =>
    (component.ports?.buckets ?? []).map(port => [`${component.key}/${port.key}`, port.doc_count] as const),
  );
  return new Map(all);
}
