// Who changed what (rest-api §29.6). Administrators only.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { call } from '../../api/call';

export interface AuditEntry {
  id: string;
  at: string;
  userId: string | null;
  action: string;
  resource: string;
  name: string;
  from: string | null;
  to: string | null;
  ticket: string | null;
  ip: string | null;
  outcome: string;
}

export interface AuditFilter {
  resource: string;
  action: string;
  /** Part of the name of what was changed. */
  name: string;
  userId: string;
  /** 2026-03-01 */
  day: string;
}

const EXPORT_PAGE = 1000;
const MOST_EXPORTED = 100_000;

function filtersOf({ resource, action, name, userId, day }: AuditFilter): string[] {
  const equal = Object.entries({ resource, action, userId })
    .filter(([, value]) => value !== '')
    .map(([field, value]) => `${field}:${value}`);
  return [...equal, ...(name === '' ? [] : [`name:~${escaped(name)}`]), ...(day === '' ? [] : [`at:~^${day}`])];
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const fetchAudit = (filter: AuditFilter, limit: number, offset: number, signal?: AbortSignal): Promise<AuditEntry[]> =>
  call('GET /audit', { query: { filter: filtersOf(filter), limit, offset }, signal });

export function useAudit(filter: AuditFilter, limit: number, offset: number) {
  return useQuery({ queryKey: ['audit', filter, limit, offset], placeholderData: keepPreviousData, queryFn: ({ signal }) => fetchAudit(filter, limit, offset, signal) });
}

export function useAuditCount(filter: AuditFilter) {
  return useQuery({
    queryKey: ['audit', 'count', filter],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<number> =>
      (await call<'GET /audit/count', { count: number }>('GET /audit/count', { query: { filter: filtersOf(filter) }, signal })).count,
  });
}

/** All that the filter leaves, newest first. */
export async function wholeAudit(filter: AuditFilter): Promise<AuditEntry[]> {
  const all: AuditEntry[] = [];
  while (all.length < MOST_EXPORTED) {
    const page = await fetchAudit(filter, EXPORT_PAGE, all.length);
    all.push(...page);
    if (page.length < EXPORT_PAGE) {
      break;
    }
  }
  return all;
}

/** Names of those who are named by their ids. */
export function usePeople(ids: string[]) {
  const wanted = [...new Set(ids)].sort();
  return useQuery({
    queryKey: ['users', 'names', wanted],
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Map<string, string>> => {
      const found = await Promise.all(
        wanted.map(userId =>
          // Who was deleted has no name any more.
          call<'GET /users/:userId', { username: string }>('GET /users/:userId', { params: { userId }, signal }).catch(() => null),
        ),
      );
      return new Map(wanted.map((id, at) => [id, found[at]?.username ?? id]));
    },
  });
}
