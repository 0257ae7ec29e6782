// Undo and redo over any value that is never changed in place. Pure.

export interface History<T> {
  past: T[];
  present: T;
  future: T[];
  merge?: Merge;
}

/** Changes of the same key that follow each other closely are undone together: letters typed into one field. */
export interface Merge {
  key: string;
  at: number;
}

const KEPT = 200;
const TOGETHER_MS = 1500;

export function begin<T>(present: T): History<T> {
  return { past: [], present, future: [] };
}

export function changed<T>(history: History<T>, present: T, merge?: Merge): History<T> {
  if (present === history.present) {
    return history;
  }
  const last = history.merge;
  const together = last !== undefined && last.key === merge?.key && merge.at - last.at < TOGETHER_MS;
  const past = together ? history.past : [...history.past, history.present].slice(-KEPT);
  return { past, present, future: [], merge };
}

export function undone<T>({ past, present, future }: History<T>): History<T> {
  const before = past.at(-1);
  return before === undefined ? { past, present, future } : { past: past.slice(0, -1), present: before, future: [present, ...future] };
}

export function redone<T>({ past, present, future }: History<T>): History<T> {
  const [after, ...rest] = future;
  return after === undefined ? { past, present, future } : { past: [...past, present], present: after, future: rest };
}
