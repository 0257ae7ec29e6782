// Updates of several connectors, each an operation of its own. All are given to the server at once, which lets them wait their
// turn: from then on the page is not needed. A refusal is told in the row.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Connector } from '../connectors/api';
import { beginUpdate } from './api';
import type { Operation } from './types';

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
    await Promise.all(
      connectors.map(async ({ name, label, availableVersion }) => {
        try {
          const { ticket } = await beginUpdate(name, { version: availableVersion ?? undefined });
          put({ name, label, ticket, error: null });
        } catch (error) {
          put({ name, label, ticket: null, error });
        }
      }),
    );
    await client.invalidateQueries({ queryKey: ['connectors'] });
    setBusy(false);
  };
  const add = ({ name, ticket }: Operation) => put({ name: name ?? ticket, label: name ?? ticket, ticket, error: null });
  return { rows, busy, run, add };
}
