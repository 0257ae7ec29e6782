// What differs between two descriptors of a flow, for people: components that came, went or changed; of those that changed
// which field had which value. Where a component stands on the canvas is no difference, and neither is `version`, which the
// server writes by itself.
import type { ComponentDescriptor, Transform } from '../designer/flow_document';
import { shortType } from './connectors';

export type Graph = Record<string, ComponentDescriptor>;

export interface Change {
  /** "Field to", "Label", "Connection" */
  what: string;
  /** null: was not there, is not there. */
  from: string | null;
  to: string | null;
}

export interface ComponentDifference {
  componentId: string;
  name: string;
  kind: 'added' | 'removed' | 'changed';
  changes: Change[];
}

const LONGEST = 200;
const SILENT = new Set(['type', 'label', 'source', 'config', 'version', 'x', 'y']);

export function differences(before: Graph, after: Graph): ComponentDifference[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  // A component that got another label is called by the new one everywhere, or all that names it would differ.
  const names = { ...before, ...after };
  return ids.flatMap((componentId): ComponentDifference[] => {
    const [old, now] = [before[componentId], after[componentId]];
    const one = { componentId, name: nameOf(componentId, now === undefined ? before : after) };
    if (old === undefined || now === undefined) {
      return [{ ...one, kind: old === undefined ? 'added' : 'removed', changes: [] }];
    }
    const changes = changesOf(facts(old, names), facts(now, names));
    return changes.length === 0 ? [] : [{ ...one, kind: 'changed', changes }];
  });
}

export function nameOf(componentId: string, graph: Graph): string {
  const component = graph[componentId];
  return component === undefined ? 'a component that is gone' : component.label || shortType(component.type);
}

function changesOf(old: Map<string, string>, now: Map<string, string>): Change[] {
  return [...new Set([...old.keys(), ...now.keys()])]
    .map(what => ({ what, from: old.get(what) ?? null, to: now.get(what) ?? null }))
    .filter(({ from, to }) => from !== to);
}

/** All that a component says, each under a name that is the same in both descriptors. */
function facts(component: ComponentDescriptor, graph: Graph): Map<string, string> {
  const { properties, transform, ...rest } = component.config ?? {};
  const all = new Map<string, string>([['Component', component.type]]);
  if (component.label) {
    all.set('Label', component.label);
  }
  links(component).forEach(([port, id, out]) => all.set(`Connection ${nameOf(id, graph)} (${out}) → ${port}`, 'connected'));
  addValues(all, 'Setting', properties ?? {});
  for (const [, byComponent] of Object.entries(transform ?? {})) {
    for (const byPort of Object.values(byComponent)) {
      Object.values(byPort).forEach(one => addFields(all, one, graph));
    }
  }
  addValues(all, 'Setting', rest);
  addValues(all, 'Setting', Object.fromEntries(Object.entries(component).filter(([key]) => !SILENT.has(key))));
  return all;
}

function links({ source = {} }: ComponentDescriptor): [port: string, id: string, out: string][] {
  return Object.entries(source).flatMap(([port, ids]) =>
    Object.entries(ids).flatMap(([id, outs]) => [outs].flat().map((out): [string, string, string] => [port, id, out])),
  );
}

function addValues(all: Map<string, string>, kind: string, values: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(values)) {
    all.set(`${kind} ${name}`, shown(value));
  }
}

// Several links may fill one field; then the field has several values.
function addFields(all: Map<string, string>, { lambda = {}, modifiers = {} }: Transform, graph: Graph): void {
  for (const [field, value] of Object.entries(lambda)) {
    const text = withVariables(shown(value), modifiers[field], graph);
    const what = `Field ${field}`;
    const already = all.get(what);
    all.set(what, already === undefined || already === text ? text : `${already}, or ${text}`);
  }
}

/** {{{id}}} becomes what it stands for: "‹Webhook: data.n›". */
function withVariables(text: string, entries: unknown, graph: Graph): string {
  const variables = (typeof entries === 'object' && entries !== null ? entries : {}) as Record<string, { variable?: string }>;
  return text.replace(/\{\{\{([^}]+)\}\}\}/g, (whole, id: string) => {
    const [, componentId, port, ...path] = variables[id]?.variable?.split('.') ?? [];
    return componentId === undefined ? whole : `‹${nameOf(componentId, graph)}: ${path.join('.') || port}›`;
  });
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value) ?? '';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text;
}
