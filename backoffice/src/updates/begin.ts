// What follows when an operation has begun: its page and progress know it at once, and the connectors show it.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ApiError } from '../api/call';
import type { Operation } from './types';

export function useBegun(): (operation: Operation) => Promise<Operation> {
  const client = useQueryClient();
  return useCallback(
    async operation => {
      client.setQueryData(['operations', operation.ticket], operation);
      // It may have ended, and been told of, before this answer came: what was just written is old already. Awaited, so that a
      // button that is busy until then cannot begin a second one.
      await Promise.all(['operations', 'connectors'].map(key => client.invalidateQueries({ queryKey: [key] })));
      return operation;
    },
    [client],
  );
}

/** The server wants to be told that its plan was read and agreed to. */
export const wantsConfirmation = (error: unknown): error is ApiError =>
  error instanceof ApiError && (error.code === 'CONNECTOR_BREAKING_CHANGE' || error.code === 'CONNECTOR_PLAN_CHANGED');

export const reviewAddress = (name: string, to?: string | null): string =>
  `/connectors/${encodeURIComponent(name)}/review${to ? `?to=${encodeURIComponent(to)}` : ''}`;

export const connectorAddress = (name: string, section = ''): string => `/connectors/${encodeURIComponent(name)}${section}`;

export const operationAddress = (ticket: string): string => `/operations/${encodeURIComponent(ticket)}`;
