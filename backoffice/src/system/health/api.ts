// How the server is: /health, /metrics, its versions and its disk reserve (docs/formats/system_webhooks.md).
import { useQuery } from '@tanstack/react-query';
import { ApiError, call, request } from '../../api/call';
import { type Metric, parseMetrics } from './metrics';

export interface Health {
  status: 'ok' | 'degraded' | 'failing';
  problems: { code: string; message: string }[];
}

export interface ServerVersion {
  /** What connectors' engine ranges are matched against. */
  version: string;
  patchbay: string;
}

const EVERY_MS = 10_000;

export function useHealth() {
  return useQuery({
    queryKey: ['health'],
    refetchInterval: EVERY_MS,
    retry: false,
    queryFn: async ({ signal }): Promise<Health> => {
      try {
        return await call<'GET /health', Health>('GET /health', { signal });
      } catch (error) {
        // A failing server says so with 503 and the same document.
        if (error instanceof ApiError && error.status === 503 && isHealth(error.data)) {
          return error.data;
        }
        throw error;
      }
    },
  });
}

const isHealth = (data: unknown): data is Health => typeof data === 'object' && data !== null && Array.isArray((data as Partial<Health>).problems);

export function useMetrics() {
  return useQuery({
    queryKey: ['metrics'],
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }): Promise<Metric[]> => parseMetrics(await (await request('GET /metrics', { signal })).text()),
  });
}

export function useVersion() {
  return useQuery({ queryKey: ['version'], queryFn: ({ signal }): Promise<ServerVersion> => call('GET /', { headers: { Accept: 'application/json' }, signal }) });
}
