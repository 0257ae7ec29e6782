// Who may use one connector: the rules of System → ACL, looked at from the connector (rest-api §29.5).
import { useQuery } from '@tanstack/react-query';
import { call, request } from '../../api/call';

export type Verdict = 'allow' | 'deny' | 'inherit';

export interface AclRule {
  role: string;
  resource: string;
  action: string[];
  attributes: string[];
}

export interface RoleAccess {
  /** A scope, an e-mail address, or @domain. */
  role: string;
  /** What its rules on the connector itself say. */
  access: Verdict;
  attributes: string[];
  components: Record<string, Verdict>;
}

export interface RoleView extends RoleAccess {
  /** Whether it can use any of it, by all rules together. */
  effective: boolean;
  /** Which of `rules`, by index, speak of it. */
  rules: number[];
}

export interface ConnectorAccess {
  visibility: 'everyone' | 'nobody' | 'custom';
  roles: RoleView[];
  /** All that apply to the connector, in their order. */
  rules: AclRule[];
}

export interface Read {
  access: ConnectorAccess;
  /** Of the rules as they were read; saving over newer ones is refused. */
  etag: string;
}

async function fetchAccess(name: string, signal?: AbortSignal): Promise<Read> {
  const response = await request('GET /connectors/:name/access', { params: { name }, signal });
  return { access: (await response.json()) as ConnectorAccess, etag: response.headers.get('ETag') ?? '*' };
}

export function saveAccess(name: string, roles: RoleAccess[], etag: string): Promise<ConnectorAccess> {
  const body = { roles: roles.map(({ role, access, attributes, components }) => ({ role, access, attributes, components })) };
  return call('PUT /connectors/:name/access', { params: { name }, body, headers: { 'If-Match': etag } });
}

export function useAccess(name: string) {
  return useQuery({ queryKey: ['access', name], queryFn: ({ signal }) => fetchAccess(name, signal) });
}

export interface UserAccess {
  visible: boolean;
  components: Record<string, boolean>;
}

export function useAccessCheck(name: string, userId: string | null) {
  return useQuery({
    queryKey: ['access', name, 'check', userId],
    queryFn: ({ signal }): Promise<UserAccess> =>
      call('GET /connectors/:name/access/check', { params: { name }, query: { userId: userId! }, signal }),
    enabled: userId !== null,
  });
}

export interface Person {
  id: string;
  username: string;
  email: string | null;
}

const PEOPLE_SHOWN = 50;

export function usePeople(pattern: string) {
  return useQuery({
    queryKey: ['users', 'matching', pattern],
    queryFn: ({ signal }): Promise<Person[]> => call('GET /users', { query: { pattern, limit: PEOPLE_SHOWN, sort: 'username:1' }, signal }),
    placeholderData: before => before,
  });
}
