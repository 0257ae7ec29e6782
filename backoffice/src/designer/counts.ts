// How many messages each out port has sent since the flow was started, at most in the last hour: every link of that port
// carried each of them. Counted from the log, so there are none where the setting LOG_COMPONENT_OUTPUT_MESSAGES is off.
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call';
import type { StoredFlow } from './api';
import type { Link } from './document/links';

const POLL_MS = 2000;

interface CarriedLink {
  source: string;
  outPort: string;
  count: number;
}

/** Key: as of countOf. */
export type Counts = Map<string, number>;

export const countOf = (counts: Counts, { source, outPort }: Link) => counts.get(`${source}/${outPort}`) ?? 0;

/** Nothing while the flow does not run; a tab that nobody sees does not ask. */
export function useCounts({ flowId, stage, started }: StoredFlow): Counts {
  const running = stage === 'running';
  const { data } = useQuery({
    queryKey: ['flows', flowId, 'counts', started],
    queryFn: ({ signal }) => fetchCounts(flowId, signal),
    enabled: running,
    refetchInterval: POLL_MS,
  });
  return running && data !== undefined ? data : NONE;
}

const NONE: Counts = new Map();

async function fetchCounts(flowId: string, signal: AbortSignal): Promise<Counts> {
  const { links }: { links: CarriedLink[] } = await call('GET /flows/:id/counts', { params: { id: flowId }, signal });
  return new Map(links.map(({ source, outPort, count }) => [`${source}/${outPort}`, count]));
}
