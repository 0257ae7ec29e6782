// Edits on their way: shown at once, told to the page (`change`) after a short pause, when a field is left (`tell`: whoever presses
// Start next means what he has just written) and when the Inspector closes. While they
// wait they are kept as functions and done again on whatever descriptor the page gives, so that neither side loses anything.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ComponentDescriptor } from '../flow_document';
import type { Edit } from './edits';

const PAUSE_MS = 400;

interface Waiting {
  edits: Edit[];
  /** How many of them `change` was told. They go when the page gives the descriptor that it made of them. */
  told: number;
}

const NONE: Waiting = { edits: [], told: 0 };

export function useDraft(given: ComponentDescriptor, change: (descriptor: ComponentDescriptor) => void) {
  const [waiting, setWaiting] = useState(NONE);
  const [seen, setSeen] = useState(given);
  if (seen !== given) {
    setSeen(given);
    setWaiting(({ edits, told }) => ({ edits: edits.slice(told), told: 0 }));
  }
  const descriptor = useMemo(() => waiting.edits.reduce((made, edit) => edit(made), given), [waiting.edits, given]);
  const newest = useRef({ descriptor, waiting, change });
  useEffect(() => {
    newest.current = { descriptor, waiting, change };
  });

  const edit = useCallback((next: Edit) => setWaiting(({ edits, told }) => ({ edits: [...edits, next], told })), []);
  const tell = useCallback(() => {
    const { waiting: now, descriptor: made, change: told } = newest.current;
    if (isUntold(now)) {
      told(made);
      setWaiting(({ edits }) => ({ edits, told: now.edits.length }));
    }
  }, []);
  const untold = isUntold(waiting);
  useEffect(() => {
    if (!untold) {
      return undefined;
    }
    const timer = setTimeout(tell, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [untold, waiting.edits, tell]);

  useEffect(
    () => () => {
      const left = newest.current;
      if (isUntold(left.waiting)) {
        left.change(left.descriptor);
      }
    },
    [],
  );
  return { descriptor, edit, tell };
}

function isUntold({ edits, told }: Waiting): boolean {
  return edits.length > told;
}
