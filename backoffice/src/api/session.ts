// Who is signed in at this browser. Shared by all tabs through localStorage; the token is a bearer token of the REST API.
import { useSyncExternalStore } from 'react';

export interface Session {
  token: string;
  id: string;
  username: string;
  /** Scopes of the user: 'user', 'admin', … */
  scope: string[];
}

interface State {
  session: Session | null;
  /** Why nobody is signed in, if it was not the person's own wish. */
  reason: string;
}

const KEY = 'patchbay.session';
const listeners = new Set<() => void>();
let state: State = { session: read(), reason: '' };

export function token(): string | null {
  return state.session?.token ?? null;
}

export function isAdmin(): boolean {
  return state.session?.scope.includes('admin') ?? false;
}

export function beginSession(session: Session): void {
  localStorage.setItem(KEY, JSON.stringify(session));
  change({ session, reason: '' });
}

export function endSession(reason = ''): void {
  localStorage.removeItem(KEY);
  change({ session: null, reason });
}

export function useSession(): State {
  return useSyncExternalStore(subscribe, () => state);
}

export function useIsAdmin(): boolean {
  return useSyncExternalStore(subscribe, isAdmin);
}

window.addEventListener('storage', event => {
  if (event.key === KEY || event.key === null) {
    change({ session: read(), reason: '' });
  }
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: State): void {
  state = next;
  listeners.forEach(listener => listener());
}

function read(): Session | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Session | null;
    return kept !== null && typeof kept.token === 'string' && Array.isArray(kept.scope) ? kept : null;
  } catch {
    return null;
  }
}
