// Texts with variables, as flows keep them (flow-format.md §3): `{{{id}}}` in the text, and for each id an entry in the
// modifiers of the field: which variable, and what is done to it.

export interface Entry {
  /** "$.<componentId>.<port>[.<path>]"; absent: the value comes from the functions alone. */
  variable?: string;
  functions?: ModifierCall[];
  [more: string]: unknown;
}

export interface ModifierCall {
  name: string;
  params?: Argument[];
  hashParams?: Record<string, Argument>;
  [more: string]: unknown;
}

/** A value that may itself be a template. */
export interface Argument {
  value: unknown;
  modifiers?: Entries;
}

export type Entries = Record<string, Entry>;

const PLACEHOLDER = /\{\{\{([^{}]+)\}\}\}/g;

export type Part = { text: string } | { id: string };

/** The text and the variables in it, in order. What has no entry stays text. */
export function partsOf(value: string, entries: Entries): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of value.matchAll(PLACEHOLDER)) {
    const id = match[1]!;
    if (id in entries) {
      parts.push({ text: value.slice(at, match.index) }, { id });
      at = match.index + match[0].length;
    }
  }
  parts.push({ text: value.slice(at) });
  return parts.filter(part => 'id' in part || part.text !== '');
}

export function placeholder(id: string): string {
  return `{{{${id}}}}`;
}

/** Ids that stand anywhere in a value. */
export function placeholdersIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') {
    for (const match of value.matchAll(PLACEHOLDER)) {
      found.add(match[1]!);
    }
  } else if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(member => placeholdersIn(member, found));
  }
  return found;
}

export function hasPlaceholder(value: unknown): boolean {
  return placeholdersIn(value).size > 0;
}

/** "$.id.port.a.b" → its three parts. Ids and ports hold no dot. */
export function readVariable(variable: string): { componentId: string; port: string; path: string } | undefined {
  const match = /^\$\.([^.]+)\.([^.]+)(?:\.(.+))?$/.exec(variable);
  return match === null ? undefined : { componentId: match[1]!, port: match[2]!, path: match[3] ?? '' };
}

export function writeVariable({ componentId, port, path }: { componentId: string; port: string; path: string }): string {
  return `$.${componentId}.${port}${path === '' ? '' : `.${path}`}`;
}
