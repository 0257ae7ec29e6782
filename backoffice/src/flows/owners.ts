// E-mail addresses of flows' owners. Administrators only: nobody else sees flows of others.
import { useQueries } from '@tanstack/react-query';
import { call } from '../api/call';

interface User {
  email?: string;
  username: string;
}

/** By user id; who is not there was not found (yet). */
export function useOwners(userIds: string[]): Record<string, string> {
  const ids = [...new Set(userIds)];
  return useQueries({
    queries: ids.map(userId => ({
      queryKey: ['users', userId],
      queryFn: (): Promise<User> => call('GET /users/:userId', { params: { userId } }),
      staleTime: 60_000,
    })),
    combine: answers => Object.fromEntries(answers.flatMap(({ data }, at) => (data ? [[ids[at]!, data.email ?? data.username]] : []))),
  });
}
