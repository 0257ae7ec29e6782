// Earlier descriptors of a flow (rest-api §8.12).
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call';
import type { ComponentDescriptor } from '../designer/flow_document';

export interface FlowVersion {
  versionId: string;
  versionNumber: number;
  type: 'update' | 'manual' | 'autosave';
  label: string | null;
  btime: string;
}

export interface KeptFlow extends FlowVersion {
  flow: Record<string, ComponentDescriptor>;
}

/** Of people's own and of the server's the newest 50 are kept, unless its settings say otherwise. */
const MOST_SHOWN = 200;

export function useVersions(id: string) {
  return useQuery({
    queryKey: ['flows', 'versions', id],
    queryFn: ({ signal }): Promise<{ items: FlowVersion[]; totalCount: number }> =>
      call('GET /flows/:id/versions', { params: { id }, query: { limit: MOST_SHOWN }, signal }),
  });
}

export function useVersion(id: string, versionId: string) {
  return useQuery({
    queryKey: ['flow-version', id, versionId],
    queryFn: ({ signal }): Promise<KeptFlow> => call('GET /flows/:id/versions/:versionId', { params: { id, versionId }, signal }),
    staleTime: Infinity,
  });
}

/** `running`: the flow is stopped for it and started again. */
export const restoreVersion = (id: string, versionId: string, running: boolean): Promise<unknown> =>
  call('POST /flows/:id/versions/:versionId/restore', { params: { id, versionId }, query: { forceUpdate: running || undefined } });
