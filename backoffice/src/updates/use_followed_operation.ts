// One operation as it goes on, from its own stream of events; while there is none (an old proxy, a restart of the server), it
// is asked for every two seconds.
import { useQueryClient } from '@tanstack/react-query';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect, useState } from 'react';
import { request } from '../api/call';
import { useOperation } from './api';
import type { Operation } from './types';

const POLL_MS = 2000;

export function useFollowedOperation(ticket: string) {
  const client = useQueryClient();
  const [streams, setStreams] = useState(false);
  const query = useOperation(ticket, streams ? false : POLL_MS);
  const isWorking = query.data?.status === 'in-progress';
  useEffect(() => {
    if (!isWorking) {
      return undefined;
    }
    const ending = new AbortController();
    const show = (operation: Operation) => client.setQueryData(['operations', ticket], operation);
    follow(ticket, ending.signal, show, () => setStreams(true))
      .catch(() => undefined) // Then it is polled.
      .finally(() => setStreams(false));
    return () => ending.abort();
  }, [client, ticket, isWorking]);
  return query;
}

async function follow(ticket: string, signal: AbortSignal, show: (operation: Operation) => void, begun: () => void): Promise<void> {
  const response = await request('GET /connectors/operations/:ticket/events', { params: { ticket }, signal, headers: { Accept: 'text/event-stream' } });
  begun();
  const events = response.body!.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  for await (const { data } of events) {
    if (signal.aborted) {
      return;
    }
    show(JSON.parse(data) as Operation);
  }
}
