// The system configuration (rest-api §18) and that of services (§17). Administrators only.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';

export interface Pair {
  key: string;
  value: unknown;
}

/** GET /service-config: `serviceId`, and whatever keys the service knows. */
export interface ServiceSettings {
  serviceId: string;
  [key: string]: unknown;
}

export function useConfiguration() {
  return useQuery({ queryKey: ['configuration'], queryFn: ({ signal }): Promise<Pair[]> => call('GET /config', { signal }) });
}

export function useConfigurationChanges() {
  const client = useQueryClient();
  const told = () => client.invalidateQueries({ queryKey: ['configuration'] });
  return {
    put: async (key: string, value: unknown): Promise<void> => {
      await call('POST /config', { body: { key, value } });
      await told();
    },
    remove: async (key: string): Promise<void> => {
      await call('DELETE /config/:key', { params: { key } });
      await told();
    },
  };
}

export function useServices() {
  return useQuery({
    queryKey: ['services'],
    queryFn: ({ signal }): Promise<ServiceSettings[]> => call('GET /service-config', { query: { sort: 'serviceId:1', limit: 10_000 }, signal }),
  });
}

export function useServiceChanges() {
  const client = useQueryClient();
  const told = async () => {
    await client.invalidateQueries({ queryKey: ['services'] });
    void client.invalidateQueries({ queryKey: ['connectors'] });
  };
  return {
    put: async (serviceId: string, settings: Record<string, unknown>): Promise<void> => {
      await call('PUT /service-config/:serviceId', { params: { serviceId }, body: settings });
      await told();
    },
    remove: async (serviceId: string): Promise<void> => {
      await call('DELETE /service-config/:serviceId', { params: { serviceId } });
      await told();
    },
  };
}

/** Service ids of what is installed: vendor:service of vendor.service and vendor.service.module. */
export function useServiceIds() {
  return useQuery({
    queryKey: ['connectors', 'service ids'],
    queryFn: async ({ signal }): Promise<string[]> => {
      const query = { installed: true, projection: 'name', limit: 10_000 };
      const rows = await call<'GET /connectors', { name: string }[]>('GET /connectors', { query, signal });
      return [...new Set(rows.map(({ name }) => name.split('.').slice(0, 2).join(':')))].sort();
    },
  });
}
