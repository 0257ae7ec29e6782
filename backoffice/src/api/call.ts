// One REST call to the server that this page came from.
//
// Routes are typed by routes.gen.ts, which is made from the server's own GET /openapi.json and kept true by
// tests/browser/typed_client.test.js: a route that the server does not have does not compile.
// Errors: everything that is not 2xx throws an ApiError with the server's own text. 401 ends the session (session.ts).
import type { Route } from './routes.gen';
import { endSession, token } from './session';

/** What the server answered in place of a result (rest-api §1.3). `status` 0: it was not reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly data: unknown,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

type Segments<Path extends string> = Path extends `${infer Head}/${infer Tail}` ? Head | Segments<Tail> : Path;
type ParamOf<Segment extends string> = Segment extends `:${infer Name}` ? Name : Segment extends `*${infer Name}` ? Name : never;
type PathOf<R extends string> = R extends `${string} ${infer Path}` ? Path : never;
/** Names of the parameters in a route: 'GET /flows/:id' has 'id'. */
export type ParamNames<R extends string> = ParamOf<Segments<PathOf<R>>>;

export type Query = Record<string, string | number | boolean | string[] | undefined>;

export interface CallOptions {
  query?: Query;
  /** JSON unless it is a Blob, which is sent as it is (application/octet-stream). */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

type WithParams<R extends string> = [ParamNames<R>] extends [never] ? { params?: undefined } : { params: Record<ParamNames<R>, string> };
type Arguments<R extends string> = [ParamNames<R>] extends [never] ? [options?: CallOptions] : [options: CallOptions & WithParams<R>];

/** The answer's document; its type is what the caller says it is: `(): Promise<Flow> => call('GET /flows/:id', …)`. */
export async function call<R extends Route, Answer>(route: R, ...[options]: Arguments<R>): Promise<Answer> {
  const response = await request(route, options);
  const text = await response.text();
  return (text === '' ? undefined : parse(text)) as Answer;
}

/** The same for what is not JSON: zips, icons, streams. */
export async function request<R extends Route>(route: R, options: (CallOptions & { params?: Record<string, string> }) | undefined): Promise<Response> {
  const space = route.indexOf(' ');
  const { params = {}, query, body, headers = {}, signal } = options ?? {};
  const response = await fetch(urlOf(route.slice(space + 1), params, query), {
    method: route.slice(0, space),
    headers: { ...authorization(), ...contentType(body), ...headers },
    body: body === undefined ? undefined : body instanceof Blob ? body : JSON.stringify(body),
    signal,
  }).catch((failure: unknown) => {
    if (signal?.aborted) {
      throw failure;
    }
    throw new ApiError(0, 'UNREACHABLE', 'The server cannot be reached. What you see may be old; nothing was changed.', null);
  });
  if (!response.ok) {
    throw await refusal(response);
  }
  return response;
}

export function urlOf(path: string, params: Record<string, string> = {}, query: Query = {}): string {
  const filled = path.replace(/[:*](\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== '') {
        search.append(name, String(one));
      }
    }
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}

function authorization(): Record<string, string> {
  const now = token();
  return now === null ? {} : { Authorization: `Bearer ${now}` };
}

function contentType(body: unknown): Record<string, string> {
  if (body === undefined) {
    return {};
  }
  return { 'Content-Type': body instanceof Blob ? 'application/octet-stream' : 'application/json' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function refusal(response: Response): Promise<ApiError> {
  const document = parse(await response.text());
  const { code, message, error, data } = (typeof document === 'object' && document !== null ? document : {}) as Record<string, unknown>;
  if (response.status === 401 && token() !== null) {
    endSession('Your session has ended. Sign in again to go on.');
  }
  const text = typeof message === 'string' ? message : typeof error === 'string' ? error : `The server answered ${response.status}.`;
  return new ApiError(response.status, typeof code === 'string' ? code : '', text, data ?? document);
}
