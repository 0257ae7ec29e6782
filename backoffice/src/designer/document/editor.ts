// A flow while it is edited: its document with undo and redo, and how it gets to the server.
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useState, useSyncExternalStore } from 'react';
import type { Edited, StoredFlow } from '../api';
import { FlowSaver, type SaveState } from './flow_saver';
import { begin, changed, type History, redone, undone } from './history';

export interface Editor {
  edited: Edited;
  save: SaveState;
  canUndo: boolean;
  canRedo: boolean;
  /** Changes with the same `merge` that follow closely are undone together. */
  change: (next: (edited: Edited) => Edited, merge?: string) => void;
  undo: () => void;
  redo: () => void;
  /** Resolves when all is saved; throws why it is not. */
  flush: (options?: { overwrite?: boolean }) => Promise<void>;
  /** Drops what is not saved here. */
  load: (stored: StoredFlow) => void;
}

type Action = { do: 'change'; next: (edited: Edited) => Edited; merge?: string; at: number } | { do: 'undo' | 'redo' } | { do: 'load'; edited: Edited };

export function useEditor(stored: StoredFlow): Editor {
  const client = useQueryClient();
  const [history, act] = useReducer(reduce, stored, first => begin(editedOf(first)));
  const [saver] = useState(
    () => new FlowSaver(stored.flowId, stored.mtime, history.present, () => void client.invalidateQueries({ queryKey: ['flows'] })),
  );
  const save = useSyncExternalStore(saver.subscribe, saver.state);
  const load = useCallback(
    (loaded: StoredFlow) => {
      const edited = editedOf(loaded);
      saver.reset(loaded.mtime, edited);
      act({ do: 'load', edited });
    },
    [saver],
  );
  useEffect(() => saver.keep(history.present), [saver, history.present]);
  useEffect(() => {
    if (save.word === 'saved' && stored.mtime > saver.mtime) {
      load(stored);
    }
  }, [stored, save, saver, load]);
  useSaveOnLeave(saver);
  return {
    edited: history.present,
    save,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    change: useCallback((next, merge) => act({ do: 'change', next, merge, at: Date.now() }), []),
    undo: useCallback(() => act({ do: 'undo' }), []),
    redo: useCallback(() => act({ do: 'redo' }), []),
    flush: useCallback(options => saver.flush(options), [saver]),
    load,
  };
}

const editedOf = ({ name, flow }: StoredFlow): Edited => ({ name, flow });

function reduce(history: History<Edited>, action: Action): History<Edited> {
  switch (action.do) {
    case 'change':
      return changed(history, action.next(history.present), action.merge === undefined ? undefined : { key: action.merge, at: action.at });
    case 'undo':
      return undone(history);
    case 'redo':
      return redone(history);
    case 'load':
      return begin(action.edited);
  }
}

// Another page of the Backoffice: saved on the way. Closing the tab: the browser asks, and it is saved meanwhile.
function useSaveOnLeave(saver: FlowSaver): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (saver.state().word !== 'saved') {
        event.preventDefault();
        void saver.flush().catch(() => {});
      }
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
      void saver.flush().catch(() => {});
    };
  }, [saver]);
}
