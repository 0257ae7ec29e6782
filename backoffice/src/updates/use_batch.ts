// Updates of several connectors, each an operation of its own. The server takes a few at a time: a refusal for being too many
// is waited out, any other is told in the row.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from '../api/call';
import type { Connector } from '../connectors/api';
import { beginUpdate } from './api';
import type { Operation } from './types';

const AGAIN_MS = 1000;

export interface BatchRow {
  name: string;
  label: string;
  ticket: string | null;
  error: unknown;
}

export interface Batch {
  rows: BatchRow[];
  busy: boolean;
  /** Resolves when all have begun, or were refused. */
  run: (connectors: Connector[]) => Promise<void>;
  /** One that was begun otherwise. */
  add: (operation: Operation) => void;
}

export function useBatch(): Batch {
  const [rows, setRows] = useState<BatchRow[]>([]);
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const put = (row: BatchRow) => setRows(now => [row, ...now.filter(({ name }) => name !== row.name)]);
  const run = async (connectors: Connector[]) => {
    setBusy(true);
    for (const { name, label, availableVersion } of connectors) {
      try {
        const { ticket } = await beginWhenThereIsRoom(name, availableVersion);
        put({ name, label, ticket, error: null });
      } catch (error) {
        put({ name, label, ticket: null, error });
      }
    }
    await client.invalidateQueries({ queryKey: ['connectors'] });
    setBusy(false);
  };
  const add = ({ name, ticket }: Operation) => put({ name: name ?? ticket, label: name ?? ticket, ticket, error: null });
  return { rows, busy, run, add };
}

async function beginWhenThereIsRoom(name: string, version: string | null): Promise<Operation> {
  for (;;) {
    try {
      return await beginUpdate(name, { version: version ?? undefined });
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 429)) {
        throw error;
      }
    }
    await new Promise(resolve => setTimeout(resolve, AGAIN_MS));
  }
}
