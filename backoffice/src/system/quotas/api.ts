// Quotas: how often connectors may call their services (docs/formats/quota.md). Administrators only.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';

export interface Quota {
  id: string;
  /** vendor:service[:module] */
  name: string;
  /** What counts now. */
  source: string;
  /** What its connector ships; empty: none does. */
  defaultSource: string;
  isCustom: boolean | null;
}

export function useQuotas() {
  return useQuery({ queryKey: ['quotas'], queryFn: ({ signal }): Promise<Quota[]> => call('GET /quota', { signal }) });
}

export function useQuotaChanges() {
  const client = useQueryClient();
  const told = () => client.invalidateQueries({ queryKey: ['quotas'] });
  return {
    put: async (name: string, source: string): Promise<void> => {
      await call('PUT /quota/:name', { params: { name }, body: { source } });
      await told();
    },
    remove: async (name: string): Promise<void> => {
      await call('DELETE /quota/:name', { params: { name } });
      await told();
    },
  };
}
