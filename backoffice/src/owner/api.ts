// The signed-in owner's flows that need him (rulings R26), and the change that is prepared for one of them.
import { useQueries, useQuery } from '@tanstack/react-query';
import { call } from '../api/call';
import { useSession } from '../api/session';
import type { ComponentDescriptor } from '../designer/flow_document';
import type { FlowRow } from '../flows/api';

/** One effect of a connector's new version on this flow (docs/formats/operation.md). */
export interface FlowChange {
  componentId: string;
  component: string;
  kind: string;
  /** "in.<port>.<field>", "properties.<field>", "out.…" */
  where: string;
  message: string;
}

/** POST /flows/:id/upgrade. */
export interface Upgrade {
  connector: string;
  from: string;
  to: string;
  /** What the prepared edit takes care of. */
  applied: FlowChange[];
  /** What only the owner can do. */
  remaining: FlowChange[];
  flow: Record<string, ComponentDescriptor>;
}

const MOST = 200;
/** A connector's change may touch a flow without an event that its owner gets. */
const REFRESH_MS = 10_000;

// An administrator too has his own flows here only: those of others are on the Flows page.
function useMine(): string[] {
  const { session } = useSession();
  return ['attention:true', `userId:${session?.id ?? ''}`];
}

export function useInbox() {
  const filter = useMine();
  return useQuery({
    queryKey: ['flows', 'inbox', filter],
    queryFn: ({ signal }): Promise<FlowRow[]> => call('GET /flows', { query: { filter, limit: MOST }, signal }),
    refetchInterval: REFRESH_MS,
  });
}

/** How many flows need their owner; undefined while it is not known. */
export function useInboxCount(): number | undefined {
  const filter = useMine();
  const { data } = useQuery({
    queryKey: ['flows', 'inbox-count', filter],
    queryFn: ({ signal }): Promise<{ count: number }> => call('GET /flows/count', { query: { filter }, signal }),
    refetchInterval: REFRESH_MS,
  });
  return data?.count;
}

const upgrade = (id: string, connector: string, dryRun: boolean): Promise<Upgrade> =>
  call('POST /flows/:id/upgrade', { params: { id }, body: { connector, dryRun } });

export const applyUpgrade = (id: string, connector: string) => upgrade(id, connector, false);

export interface Upgrades {
  /** What is known by now: of a connector that is not installed there is none. */
  found: Upgrade[];
  loading: boolean;
}

/** What the change of each connector that the flow's attention names would be; changes nothing. */
export function useUpgrades({ flowId, attention = [] }: FlowRow): Upgrades {
  const connectors = [...new Set(attention.map(({ connector }) => connector).filter(Boolean))];
  return useQueries({
    queries: connectors.map(connector => ({
      queryKey: ['flows', 'upgrade', flowId, connector],
      queryFn: () => upgrade(flowId, connector, true),
    })),
    combine: answers => ({
      found: answers.flatMap(({ data }) => (data === undefined ? [] : [data])),
      loading: answers.some(({ isLoading }) => isLoading),
    }),
  });
}
