// Components that this user may put into flows (GET /components, by the ACL), and the connectors they belong to (GET /apps).
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call } from '../../api/call';
import type { Manifest } from '../manifest';

export interface App {
  name: string;
  label: string;
  icon: string;
}

export interface Components {
  /** By type. */
  manifests: Map<string, Manifest>;
  apps: Record<string, App>;
}

// Live events tell administrators only of connectors; and of rules nobody. The list of types is short: others ask for it.
const POLL_MS = 5000;

/** Manifests are large (icons): they are fetched again only when there are other types. */
export function useComponents() {
  const types = useQuery({
    queryKey: ['components', 'types'],
    queryFn: ({ signal }): Promise<string[]> => call('GET /components', { signal }),
    refetchInterval: POLL_MS,
  });
  return useQuery({
    queryKey: ['components', 'manifests', types.data?.join('\n')],
    queryFn: async ({ signal }): Promise<Components> => {
      const [list, apps] = await Promise.all([
        call<'GET /components', Manifest[]>('GET /components', { query: { manifest: 'yes' }, signal }),
        call<'GET /apps', Record<string, App>>('GET /apps', { signal }),
      ]);
      return { manifests: new Map(list.map(manifest => [manifest.name, manifest])), apps };
    },
    enabled: types.data !== undefined,
    placeholderData: keepPreviousData,
    structuralSharing: false,
  });
}

/** The connector (service or module) that a component is shown under. */
export function appOf(type: string, apps: Record<string, App>): App {
  const module = type.slice(0, type.lastIndexOf('.'));
  const service = module.slice(0, module.lastIndexOf('.'));
  return apps[module] ?? apps[service] ?? { name: module, label: module, icon: '' };
}
