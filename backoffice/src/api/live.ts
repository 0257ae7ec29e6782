// What changes at the server, as it changes: one GET /events stream a tab, whose events make the queries stale that show
// what they tell. While there is no stream (an old proxy, a restart) the same queries are asked again every few seconds.
//
// Query keys begin with the resource they show: ['connectors', …], ['operations', …], ['flows', …], ['catalogue'], so that
// an event needs no list of pages.
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect } from 'react';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { request } from './call';
import { useSession } from './session';

const POLL_MS = 4000;
const RETRY_MS = 2000;
/** Events in a burst make one refetch. */
const GATHER_MS = 150;

const STALE_BY_EVENT: Record<string, string[]> = {
  'connector.operation': ['operations', 'connectors', 'plan'],
  'connector.installed': ['connectors', 'components', 'usage', 'access'],
  'connector.updated': ['connectors', 'components', 'usage', 'flows', 'access'],
  'connector.removed': ['connectors', 'components', 'usage', 'access'],
  'flow.stage': ['flows', 'usage', 'plan'],
  'components.changed': ['components', 'flows'],
  'catalogue.refreshed': ['connectors', 'catalogue'],
};
const ALL_LIVE = [...new Set(Object.values(STALE_BY_EVENT).flat())];

export function useLiveQueries(): void {
  const client = useQueryClient();
  const { session } = useSession();
  useEffect(() => {
    if (session === null) {
      return undefined;
    }
    const ending = new AbortController();
    void listen(client, ending.signal);
    return () => ending.abort();
  }, [client, session]);
}

async function listen(client: QueryClient, signal: AbortSignal): Promise<void> {
  const stale = gatherer(client);
  let streaming = false;
  // Over all attempts: they follow each other faster than the page asks.
  const polling = setInterval(() => streaming || stale(ALL_LIVE), POLL_MS);
  while (!signal.aborted) {
    try {
      const response = await request('GET /events', { signal, headers: { Accept: 'text/event-stream' } });
      streaming = true;
      stale(ALL_LIVE);
      const events = response.body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
      for await (const event of events) {
        stale(STALE_BY_EVENT[event.event ?? ''] ?? []);
      }
    } catch {
      // Without a stream the interval asks.
    }
    streaming = false;
    if (!signal.aborted) {
      await pause(RETRY_MS, signal);
    }
  }
  clearInterval(polling);
}

function gatherer(client: QueryClient): (keys: string[]) => void {
  const waiting = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return keys => {
    keys.forEach(key => waiting.add(key));
    timer ??= setTimeout(() => {
      timer = undefined;
      waiting.forEach(key => void client.invalidateQueries({ queryKey: [key] }));
      waiting.clear();
    }, GATHER_MS);
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
