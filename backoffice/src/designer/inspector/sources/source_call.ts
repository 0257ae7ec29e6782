// A `source` of a manifest as a static call (connector-format.md §9): its references to values of the component are filled in.
import type { DynamicSource } from '../../manifest';
import { hasPlaceholder } from '../variables/template';

export interface SourceCall {
  params: { vendor: string; service: string; module: string; component: string };
  outPort: string;
  body: { messages: Record<string, unknown>; properties: Record<string, unknown>; transform?: string };
}

/** A value of the component by its path: "properties/table" or "inputs/in/table". */
export type ValueOf = (place: string, path: string[]) => unknown;

export type Prepared =
  | { kind: 'call'; call: SourceCall }
  /** A value it needs comes with each message, so nobody can ask before. */
  | { kind: 'needs-message' }
  | { kind: 'malformed' };

export function prepareSource(source: DynamicSource, valueOf: ValueOf): Prepared {
  const url = /^\/component\/([^/]+)\/([^/]+)\/([^/]+)\/([^/?]+)\?outPort=([^&]+)/.exec(source.url);
  if (url === null) {
    return { kind: 'malformed' };
  }
  const [, vendor = '', service = '', module = '', component = '', outPort = ''] = url;
  const messages = resolved(source.data?.messages, valueOf);
  const properties = Object.entries(resolved(source.data?.properties, valueOf)).reduce((made, [path, value]) => withPath(made, path.split('/'), value), {});
  if (hasPlaceholder(messages) || hasPlaceholder(properties)) {
    return { kind: 'needs-message' };
  }
  return { kind: 'call', call: { params: { vendor, service, module, component }, outPort, body: { messages, properties, transform: source.data?.transform } } };
}

/** What the values of a source refer to: ["properties/table", "inputs/in/table"]. */
export function referencesOf(source: DynamicSource): string[] {
  return [source.data?.messages, source.data?.properties].flatMap(part => Object.values(part ?? {})).filter((value): value is string => isReference(value));
}

function isReference(value: unknown): boolean {
  return typeof value === 'string' && /^(inputs|properties)\//.test(value);
}

function resolved(part: Record<string, unknown> | undefined, valueOf: ValueOf): Record<string, unknown> {
  const values = Object.entries(part ?? {}).map(([key, value]) => {
    const [place = '', ...path] = isReference(value) ? (value as string).split('/') : [];
    return [key, place === '' ? value : valueOf(place, path)] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function withPath(object: Record<string, unknown>, [key = '', ...rest]: string[], value: unknown): Record<string, unknown> {
  const inner = object[key];
  const below = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  return { ...object, [key]: rest.length === 0 ? value : withPath(below, rest, value) };
}
