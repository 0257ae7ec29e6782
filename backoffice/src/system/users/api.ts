// Users (rest-api §3.2, §3.5, §4). Administrators only.
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';

export interface User {
  id: string;
  username: string;
  email: string;
  isActive: boolean;
  scope: string[];
  vendor: string[];
  created: string;
}

export interface UserList {
  pattern: string;
  limit: number;
  offset: number;
}

export interface NewUser {
  email: string;
  username: string;
  password: string;
  scope: string[];
  vendor: string[];
}

/** GET /users/:userId/delete-status/:ticket. */
export interface Removal {
  status: 'in-progress' | 'completed' | 'failed' | 'cancelled';
  stepsDone: number;
  stepsTotal: number;
}

const POLL_MS = 700;

export function useUsers(list: UserList) {
  return useQuery({
    queryKey: ['users', list],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }): Promise<User[]> => call('GET /users', { query: { ...list, sort: 'created:-1' }, signal }),
  });
}

export function useUserCount(pattern: string) {
  return useQuery({
    queryKey: ['users', 'count', pattern],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<number> => (await call<'GET /users/count', { count: number }>('GET /users/count', { query: { pattern }, signal })).count,
  });
}

export function useUserChanges() {
  const client = useQueryClient();
  const then = async <T>(done: Promise<T>): Promise<T> => {
    const answer = await done;
    void client.invalidateQueries({ queryKey: ['users'] });
    void client.invalidateQueries({ queryKey: ['access'] });
    return answer;
  };
  return {
    create: (user: NewUser) => then(createUser(user)),
    update: (id: string, body: Pick<User, 'email' | 'scope' | 'vendor'>) =>
      then(call<'PUT /users/:userId', User>('PUT /users/:userId', { params: { userId: id }, body })),
    resetPassword: (email: string, password: string): Promise<unknown> => call('POST /user/reset-password', { body: { email, password } }),
    remove: async (id: string): Promise<string> =>
      (await call<'DELETE /users/:userId', { ticket: string }>('DELETE /users/:userId', { params: { userId: id } })).ticket,
  };
}

function createUser({ email, username, password, scope, vendor }: NewUser): Promise<{ user: User }> {
  return call('POST /user', { body: { email, username: username || email, password, scope, vendor } });
}

/** Progress of a removal, asked for until it is over. */
export function useRemoval(userId: string, ticket: string) {
  return useQuery({
    queryKey: ['removal', ticket],
    queryFn: ({ signal }): Promise<Removal> => call('GET /users/:userId/delete-status/:ticket', { params: { userId, ticket }, signal }),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.status === 'in-progress' ? POLL_MS : false),
  });
}
