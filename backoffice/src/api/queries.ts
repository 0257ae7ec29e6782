// What the page has read from the server, and when it asks again.
import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './call';

export const queries = new QueryClient({
  defaultOptions: {
    // A browser that thinks it is offline may still reach a server in its own house; api/call.ts says when it does not.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 2000,
      // What the server refused it would refuse again; only what did not reach it is tried again.
      retry: (failures, error) => failures < 2 && error instanceof ApiError && (error.status === 0 || error.status === 503),
    },
  },
});
