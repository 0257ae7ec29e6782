// Access rules (rest-api §6) and what they mean for a role or a person (§29.5). Administrators only.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { call, request } from '../../api/call';
import { type Rule, sameRules } from './rules';

export type RuleType = 'components' | 'routes';

/** A role of GET /roles: a scope in use, or an e-mail address or @domain that a rule names. */
export interface Role {
  role: string;
  users: number;
}

/** GET /connectors/:name/access: what each role may, and the rules that say so. */
export interface ConnectorAccess {
  visibility: 'everyone' | 'nobody' | 'custom';
  roles: { role: string; effective: boolean; rules: number[] }[];
  rules: Rule[];
}

/** GET /connectors/:name/access/check: whether one person sees the connector, and which components he may use. */
export interface AccessCheck {
  visible: boolean;
  components: Record<string, boolean>;
}

export class RulesChangedError extends Error {
  constructor() {
    super('Somebody else has changed the rules since you opened them. Yours were not saved.');
  }
}

const rulesKey = (type: RuleType) => ['access', 'rules', type];

/** The rules, and the tag by which the server tells this list from others. */
async function fetchRules(type: RuleType, signal?: AbortSignal): Promise<{ rules: Rule[]; etag: string }> {
  const response = await request('GET /acl/:type', { params: { type }, signal });
  return { rules: (await response.json()) as Rule[], etag: response.headers.get('ETag') ?? '*' };
}

export function useRules(type: RuleType) {
  return useQuery({ queryKey: rulesKey(type), queryFn: async ({ signal }) => (await fetchRules(type, signal)).rules });
}

/** Replaces the whole list, unless it is no longer the one that was edited. Gives what the server stored. */
export function useSaveRules(type: RuleType) {
  const client = useQueryClient();
  return async (edited: Rule[], rules: Rule[]): Promise<Rule[]> => {
    const now = await fetchRules(type);
    if (!sameRules(now.rules, edited)) {
      client.setQueryData(rulesKey(type), now.rules);
      throw new RulesChangedError();
    }
    const stored: Rule[] = await call('POST /acl/:type', { params: { type }, body: rules, headers: { 'If-Match': now.etag } });
    client.setQueryData(rulesKey(type), stored);
    void client.invalidateQueries({ queryKey: ['access'] });
    return stored;
  };
}

/** Gives the rules that were added: one for each installed connector that had none. */
export function useAddUserRules() {
  const client = useQueryClient();
  return async (): Promise<Rule[]> => {
    const { added }: { added: Rule[] } = await call('POST /acl/components/add-user-rules');
    await client.invalidateQueries({ queryKey: ['access'] });
    return added;
  };
}

export function useRoles() {
  return useQuery({ queryKey: ['access', 'roles'], queryFn: ({ signal }): Promise<Role[]> => call('GET /roles', { signal }) });
}

/** What a rule may name: resources and actions, to choose from. */
export function useRuleWords(type: RuleType) {
  return useQuery({
    queryKey: ['access', 'words', type],
    queryFn: async ({ signal }): Promise<{ resources: string[]; actions: string[]; attributes: string[] }> => {
      const params = { type };
      const [resources, actions, attributes] = await Promise.all([
        call<'GET /acl/:type/resources', string[]>('GET /acl/:type/resources', { params, signal }),
        call<'GET /acl/:type/actions', string[]>('GET /acl/:type/actions', { params, signal }),
        call<'GET /acl/:type/resource/:resource/attributes', string[]>('GET /acl/:type/resource/:resource/attributes', {
          params: { ...params, resource: '*' },
          signal,
        }),
      ]);
      return { resources, actions, attributes };
    },
  });
}

/** How many people who are no administrators have a role. */
export function useBearers(role: string, enabled: boolean) {
  return useQuery({
    queryKey: ['access', 'bearers', role],
    enabled,
    queryFn: async ({ signal }): Promise<number> => {
      const query = { filter: [`scope:${role}`, 'scope:!admin'] };
      return (await call<'GET /users/count', { count: number }>('GET /users/count', { query, signal })).count;
    },
  });
}

export function useConnectorAccess(name: string) {
  return useQuery({
    queryKey: ['access', 'of', name],
    queryFn: ({ signal }): Promise<ConnectorAccess> => call('GET /connectors/:name/access', { params: { name }, signal }),
  });
}

export function useAccessCheck(name: string, userId: string) {
  return useQuery({
    queryKey: ['access', 'check', name, userId],
    queryFn: ({ signal }): Promise<AccessCheck> => call('GET /connectors/:name/access/check', { params: { name }, query: { userId }, signal }),
  });
}
