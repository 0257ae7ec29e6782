// What can be done to the components of a flow. Pure: each gives new components and leaves what it does not touch as it is,
// members that the Designer does not know included.
import type { ComponentDescriptor, Transform } from '../flow_document';
import type { InPort, InspectorDefinition, Manifest } from '../manifest';
import { type Components, type Link, linksInto } from './links';

export type Place = { x: number; y: number };

export function newComponent(manifest: Manifest, { x, y }: Place): ComponentDescriptor {
  const properties = defaultsOf(manifest.properties?.inspector);
  return { type: manifest.name, x, y, source: {}, config: Object.keys(properties).length > 0 ? { properties } : {} };
}

export function moved(components: Components, places: Record<string, Place>): Components {
  return mapped(components, (component, id) => {
    const place = places[id];
    const same = place === undefined || (place.x === component.x && place.y === component.y);
    return same ? component : { ...component, x: place.x, y: place.y };
  });
}

export function replaced(components: Components, id: string, component: ComponentDescriptor): Components {
  return { ...components, [id]: component };
}

export function isConnected(components: Components, link: Link): boolean {
  const outPorts = components[link.target]?.source?.[link.inPort]?.[link.source];
  return outPorts !== undefined && [outPorts].flat().includes(link.outPort);
}

/** `port`: of the target, as its manifest has it; where it has fields they begin with their default values. */
export function connected(components: Components, link: Link, port?: InPort): Components {
  const target = components[link.target];
  if (target === undefined || isConnected(components, link)) {
    return components;
  }
  const senders = target.source?.[link.inPort] ?? {};
  const outPorts = [...[senders[link.source] ?? []].flat(), link.outPort];
  const source = { ...target.source, [link.inPort]: { ...senders, [link.source]: outPorts } };
  const transform = target.config?.transform?.[link.inPort]?.[link.source]?.[link.outPort] ?? firstTransform(target, link.inPort, port);
  return replaced(components, link.target, withTransform({ ...target, source }, link, transform));
}

export function disconnected(components: Components, links: Link[]): Components {
  return links.reduce((now, link) => {
    const target = now[link.target];
    return target === undefined ? now : replaced(now, link.target, withoutLink(target, link));
  }, components);
}

export function removed(components: Components, ids: string[]): Components {
  const gone = new Set(ids);
  const left = Object.fromEntries(Object.entries(components).filter(([id]) => !gone.has(id)));
  return mapped(left, (component, id) => linksInto(id, component).filter(link => gone.has(link.source)).reduce(withoutLink, component));
}

function mapped(components: Components, change: (component: ComponentDescriptor, id: string) => ComponentDescriptor): Components {
  const pairs = Object.entries(components).map(([id, component]) => [id, change(component, id)] as const);
  return pairs.every(([id, component]) => component === components[id]) ? components : Object.fromEntries(pairs);
}

// A second link into a port begins as the first one is: what was typed in counts for both.
function firstTransform(target: ComponentDescriptor, inPort: string, port?: InPort): Transform | undefined {
  const [first] = Object.values(target.config?.transform?.[inPort] ?? {}).flatMap(byPort => Object.values(byPort));
  if (first !== undefined) {
    return structuredClone(first);
  }
  return port?.inspector?.inputs === undefined && port?.source === undefined
    ? undefined
    : { type: 'json2new', modifiers: {}, lambda: defaultsOf(port.inspector) };
}

function withTransform(target: ComponentDescriptor, { inPort, source, outPort }: Link, transform?: Transform): ComponentDescriptor {
  if (transform === undefined) {
    return target;
  }
  const all = target.config?.transform ?? {};
  const ofPort = all[inPort] ?? {};
  return { ...target, config: { ...target.config, transform: { ...all, [inPort]: { ...ofPort, [source]: { ...ofPort[source], [outPort]: transform } } } } };
}

function withoutLink(target: ComponentDescriptor, { inPort, source, outPort }: Link): ComponentDescriptor {
  const left = [target.source?.[inPort]?.[source] ?? []].flat().filter(port => port !== outPort);
  const next = { ...target, source: withMember(target.source, inPort, withMember(target.source?.[inPort], source, left.length > 0 ? left : undefined)) };
  const ofPort = target.config?.transform?.[inPort];
  if (ofPort?.[source]?.[outPort] === undefined) {
    return next;
  }
  const ofSender = withMember(ofPort[source], outPort, undefined);
  return { ...next, config: { ...target.config, transform: withMember(target.config?.transform, inPort, withMember(ofPort, source, ofSender)) } };
}

/** The object with `key` set, or without it where the value is undefined or an object with nothing in it. */
function withMember<T>(object: Record<string, T> | undefined, key: string, value: T | undefined): Record<string, T> {
  const { [key]: _, ...others } = object ?? {};
  const empty = value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
  return empty ? others : { ...object, [key]: value };
}

function defaultsOf(inspector?: InspectorDefinition): Record<string, unknown> {
  const inputs = Object.entries(inspector?.inputs ?? {});
  return Object.fromEntries(inputs.filter(([, { defaultValue }]) => defaultValue !== undefined).map(([name, { defaultValue }]) => [name, defaultValue]));
}
