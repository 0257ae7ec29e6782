// Some components of a flow as text, to be pasted into this or another flow. Links to what was not copied stay behind;
// each gets a new id, as ids name components across flows, and what names the old ones names the new ones.
import type { ComponentDescriptor } from '../flow_document';
import { disconnected } from './edits';
import { type Components, linksOf } from './links';

const KIND = 'patchbay/components';
const VARIABLE_ID = /\$\.([^.{}\s]+)/g;

export function copied(components: Components, ids: Iterable<string>): string {
  const taken = Object.fromEntries([...ids].filter(id => id in components).map(id => [id, components[id]!]));
  const outside = linksOf(taken).filter(({ source }) => !(source in taken));
  return JSON.stringify({ kind: KIND, components: disconnected(taken, outside) });
}

/** The components in a text that copied() made, with new ids and `by` pixels beside where they were; none in any other text. */
export function pasted(text: string, by: number): Components {
  const components = read(text);
  const ids = new Map(Object.keys(components).map(id => [id, crypto.randomUUID() as string]));
  return Object.fromEntries(Object.entries(components).map(([id, component]) => [ids.get(id)!, renamed(component, ids, by)]));
}

function read(text: string): Components {
  try {
    const { kind, components } = JSON.parse(text) as { kind?: unknown; components?: Components };
    return kind === KIND && components !== undefined ? components : {};
  } catch {
    return {};
  }
}

function renamed(component: ComponentDescriptor, ids: Map<string, string>, by: number): ComponentDescriptor {
  const { source, config, ...others } = component;
  return {
    ...others,
    x: (Number(component.x) || 0) + by,
    y: (Number(component.y) || 0) + by,
    ...(source !== undefined && { source: withIds(source, ids) }),
    ...(config !== undefined && { config: withIds(config, ids) }),
  };
}

function withIds<T>(value: T, ids: Map<string, string>): T {
  if (typeof value === 'string') {
    return value.replace(VARIABLE_ID, (all, id: string) => (ids.has(id) ? `$.${ids.get(id)}` : all)) as T;
  }
  if (Array.isArray(value)) {
    return value.map(item => withIds(item as unknown, ids)) as T;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [ids.get(key) ?? key, withIds(item as unknown, ids)])) as T;
  }
  return value;
}
