// Icons of the connectors in a list, whose rows come without them. They are fetched one by one once the list stays as it
// is and the browser has nothing else to do: twenty requests at once would hold up the list, and whoever types into its
// search. What is gone from the screen before its turn is not asked for; what was fetched is kept.
import { useEffect, useReducer } from 'react';
import { ApiError, request } from '../api/call';

interface Wish {
  key: string;
  name: string;
  fulfilled: () => void;
}

const PAUSE_MS = 100;

/** null: it has none. */
const known = new Map<string, string | null>();
const wishes = new Set<Wish>();
let working = false;
let pause: ReturnType<typeof setTimeout> | undefined;

/** A data: URL, or nothing while it is not here. One that could not be fetched is asked for again when it is next shown. */
export function useLazyIcon(name: string, version: string | null): string | null | undefined {
  const [, fulfilled] = useReducer((count: number) => count + 1, 0);
  const key = `${name} ${version}`;
  useEffect(() => {
    if (known.has(key)) {
      return undefined;
    }
    const wish = { key, name, fulfilled };
    wishes.add(wish);
    clearTimeout(pause);
    pause = setTimeout(work, PAUSE_MS);
    return () => void wishes.delete(wish);
  }, [key, name]);
  return known.get(key);
}

function work(): void {
  if (working || wishes.size === 0) {
    return;
  }
  working = true;
  whenIdle(async () => {
    const [first] = wishes;
    if (first !== undefined) {
      await fulfil(first);
    }
    working = false;
    work();
  });
}

async function fulfil(wish: Wish): Promise<void> {
  const icon = await fetchIcon(wish.name).catch(() => undefined);
  if (icon !== undefined) {
    known.set(wish.key, icon);
    wish.fulfilled();
  }
  wishes.delete(wish);
}

async function fetchIcon(name: string): Promise<string | null> {
  try {
    const response = await request('GET /connectors/:name/icon', { params: { name } });
    return await dataUrl(await response.blob());
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return null;
    }
    throw error;
  }
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** Safari has no requestIdleCallback. */
function whenIdle(act: () => Promise<void>): void {
  const start = () => void act();
  if ('requestIdleCallback' in window) {
    window.requestIdleCallback(start);
  } else {
    setTimeout(start);
  }
}
