// Where connectors come from: folders named by CONNECTOR_CATALOGUE_URL, beside those that ship with the server.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { call, request } from '../../api/call';

export const CATALOGUE_KEY = 'CONNECTOR_CATALOGUE_URL';

export interface CatalogueState {
  /** Connectors on offer. */
  offered: number;
  /** Why folders could not be read. */
  errors: string[];
}

export interface Refreshed {
  refreshed: number;
  error: string | null;
}

/** Errors come in a header of the list: the list itself stays what it is. */
export function useCatalogue() {
  return useQuery({
    queryKey: ['catalogue', 'state'],
    queryFn: async ({ signal }): Promise<CatalogueState> => {
      const query = { filter: 'source:marketplace', limit: 1 };
      const [list, { count }] = await Promise.all([
        request('GET /connectors', { query, signal }),
        call<'GET /connectors/count', { count: number }>('GET /connectors/count', { query: { filter: 'source:marketplace' }, signal }),
      ]);
      const error = list.headers.get('X-Catalogue-Error') ?? '';
      return { offered: count, errors: error.split('; ').filter(text => text !== '') };
    },
  });
}

export function useRefresh() {
  const client = useQueryClient();
  return async (): Promise<Refreshed> => {
    const refreshed: Refreshed = await call('POST /connectors/refresh', { body: {} });
    void client.invalidateQueries({ queryKey: ['catalogue'] });
    void client.invalidateQueries({ queryKey: ['connectors'] });
    return refreshed;
  };
}

/** A text names one place, a list several. */
export function placesOf(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.map(String);
  }
  return typeof value === 'string' && value.trim() !== '' ? [value] : [];
}

/** What is wrong with a place, or null. */
export function placeProblem(place: string, others: string[]): string | null {
  if (!place.startsWith('/') && !place.startsWith('file:///')) {
    return 'An absolute folder of the server, or a file:/// address. Addresses of the web are not read yet.';
  }
  return others.includes(place) ? 'This folder is in the list already.' : null;
}
