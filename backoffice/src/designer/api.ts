// One flow at the server: its document, commands, what is wrong with it, its log (rest-api §8, §19).
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call';
import type { FlowDocument } from './flow_document';

/** What the Designer changes of a flow. */
export interface Edited {
  name: string;
  flow: FlowDocument['flow'];
}

/** GET /flows/:id. */
export interface StoredFlow extends FlowDocument {
  userId: string;
  mtime: string;
  started: string | null;
  sharedWith?: { permissions?: string[] }[];
}

/** An entry of GET /flows/:id/validate, and of `data` where a start was refused. */
export interface ComponentErrors {
  componentId: string;
  componentType?: string;
  errors: { message: string; keyword?: string }[];
}

export interface LogRecord {
  _id: string;
  gridTimestamp: string;
  severity: string;
  type: string;
  portType?: 'in' | 'out';
  port?: string;
  msg: string;
}

const LOG_POLL_MS = 2000;
const LOG_SIZE = 50;

export function useFlow(flowId: string) {
  return useQuery({
    queryKey: ['flows', flowId],
    queryFn: ({ signal }): Promise<StoredFlow> => call('GET /flows/:id', { params: { id: flowId }, signal }),
  });
}

/** When it was last changed, by anybody. */

/** `mtime`: of the flow that may be replaced; another one is refused with 412. Null: whatever there is. Gives the new one. */
export const saveFlow = (flowId: string, edited: Edited, mtime: string | null): Promise<{ mtime: string }> =>
  call('PUT /flows/:id', { params: { id: flowId }, body: edited, headers: mtime === null ? {} : { 'If-Match': `"${mtime}"` } });

export const command = (flowId: string, word: 'start' | 'stop'): Promise<unknown> =>
  call('POST /flows/:id/coordinator', { params: { id: flowId }, body: { command: word } });

export interface CommandProgress {
  status: string;
  stepsDone: number;
  stepsTotal: number;
}

export const fetchProgress = (flowId: string, signal: AbortSignal): Promise<CommandProgress> =>
  call('GET /flows/:id/coordinator/status', { params: { id: flowId }, signal });

/** `components`: grows when there are other components. */
export function useComponentErrors({ flowId, mtime }: StoredFlow, components: number) {
  return useQuery({
    queryKey: ['flows', flowId, 'validate', mtime, components],
    queryFn: ({ signal }): Promise<{ errors: ComponentErrors[] }> => call('GET /flows/:id/validate', { params: { id: flowId }, signal }),
    placeholderData: before => before,
  });
}

/** The newest records of one component; asked again and again while `live`. */
export function useComponentLog(flowId: string, componentId: string, live: boolean) {
  return useQuery({
    queryKey: ['flows', flowId, 'log', componentId],
    queryFn: ({ signal }): Promise<{ hits: LogRecord[] }> =>
      call('GET /logs', { query: { flowId, query: `componentId:"${componentId}"`, size: LOG_SIZE }, signal }),
    refetchInterval: live ? LOG_POLL_MS : false,
  });
}
