// Publishing a zip (rest-api §7.4). Through XMLHttpRequest, because only that tells how much has been sent.
import { useQuery } from '@tanstack/react-query';
import { ApiError, call, urlOf } from '../../api/call';
import { token } from '../../api/session';
import { type Operation, useOperation } from '../../updates/api';

export type Mode = 'stop-all' | 'stop-affected' | 'side-by-side';

export interface PublishOptions {
  /** Files of the installed bundle that the zip does not have go. */
  replaceAll: boolean;
  /** Given once a person has read what breaks. */
  confirmed?: Mode;
}

/** Resolves to the ticket of the operation that has begun. `progress`: share of the zip that was sent, 0 to 1. */
export function publish(zip: Blob, { replaceAll, confirmed }: PublishOptions, progress: (share: number) => void): Promise<string> {
  const query = { replaceAll, ...(confirmed === undefined ? {} : { confirmBreaking: true, mode: confirmed }) };
  return new Promise((resolve, reject) => {
    const sending = new XMLHttpRequest();
    sending.open('POST', urlOf('/components', {}, query));
    sending.setRequestHeader('Content-Type', 'application/octet-stream');
    sending.setRequestHeader('Authorization', `Bearer ${token() ?? ''}`);
    sending.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 1 : loaded / total);
    sending.onerror = () => reject(new ApiError(0, 'UNREACHABLE', 'The server cannot be reached. Nothing was installed.', null));
    sending.onload = () => {
      const answer = parse(sending.responseText);
      if (sending.status === 200 && typeof answer.ticket === 'string') {
        resolve(answer.ticket);
      } else {
        reject(
          new ApiError(
            sending.status,
            String(answer.code ?? ''),
            String(answer.message ?? `The server answered ${sending.status}.`),
            answer.data ?? null,
          ),
        );
      }
    };
    sending.send(zip);
  });
}

/** One complaint about the zip; of a breaking change also which flow it hits. */
export interface Line {
  message: string;
  dataPath?: string;
  flowId?: string;
}

export function linesOf({ data }: Operation): Line[] {
  return Array.isArray(data) ? (data as Line[]) : [];
}

export function usePublishing(ticket: string) {
  return useOperation(ticket);
}

/** What the zip held, known when it is installed. */
export function usePublished(ticket: string, enabled: boolean) {
  return useQuery({
    queryKey: ['operations', ticket, 'bundles'],
    queryFn: ({ signal }): Promise<{ bundles?: { name: string; version: string }[]; warnings?: string[] }> =>
      call('GET /components/uploader/:ticket', { params: { ticket }, signal }),
    enabled,
    staleTime: Infinity,
  });
}

const LIMIT_KEY = 'LIMIT_CC_ARCHIVE_MAX_BYTES';
/** The server's own default (docs/formats/bundle.md §1). */
const DEFAULT_LIMIT = 10 * 1024 * 1024;

export function useArchiveLimit() {
  return useQuery({ queryKey: ['config', LIMIT_KEY], queryFn: ({ signal }) => fetchLimit(signal) });
}

async function fetchLimit(signal: AbortSignal): Promise<number> {
  try {
    const { value }: { value: unknown } = await call('GET /config/:key', { params: { key: LIMIT_KEY }, signal });
    return Number(value) > 0 ? Number(value) : DEFAULT_LIMIT;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return DEFAULT_LIMIT;
    }
    throw error;
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
