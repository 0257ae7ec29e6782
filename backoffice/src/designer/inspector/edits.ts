// What the Inspector does to a component's descriptor: pure functions, so that an edit can be done again on a newer one.
// They write nothing that was not edited: opening a component and closing it leaves its flow as it was (flow-format.md §3).
import type { ComponentDescriptor, Transform } from '../flow_document';
import { placeholdersIn } from './variables/template';
import type { Entries } from './variables/template';

export type Edit = (descriptor: ComponentDescriptor) => ComponentDescriptor;
export type Values = Record<string, unknown>;

/** One link into an in port; each has a transform of its own. */
export interface Link {
  inPort: string;
  componentId: string;
  outPort: string;
}

/** Where the values of a form are kept. */
export type Place = 'properties' | Link;

/** "properties/subject" or "in/subject", as problems name fields. */
export function fieldPath(place: Place, name: string): string {
  return `${place === 'properties' ? place : place.inPort}/${name}`;
}

export function linksInto(descriptor: ComponentDescriptor, inPort: string): Link[] {
  // An out port may stand there as a plain text.
  const senders = Object.entries(descriptor.source?.[inPort] ?? {}) as [string, string | string[]][];
  return senders.flatMap(([componentId, ports]) => [...new Set([ports].flat())].map(outPort => ({ inPort, componentId, outPort })));
}

export function transformAt(descriptor: ComponentDescriptor, link: Link): Transform | undefined {
  return descriptor.config?.transform?.[link.inPort]?.[link.componentId]?.[link.outPort];
}

/** Undefined: nothing is stored for this form yet. */
export function valuesAt(descriptor: ComponentDescriptor, place: Place): Values | undefined {
  return (place === 'properties' ? descriptor.config?.properties : transformAt(descriptor, place)?.lambda) ?? undefined;
}

/** Variables of one field of a link, by the ids that stand in its value. */
export function entriesAt(descriptor: ComponentDescriptor, link: Link, field: string): Entries {
  return (transformAt(descriptor, link)?.modifiers?.[field] ?? {}) as Entries;
}

/** `undefined` takes the field out. `defined`: entries for variables that are new in `value`, or changed. */
export function setValue(place: Place, field: string, value: unknown, defined: Entries = {}): Edit {
  return descriptor => {
    const config = descriptor.config ?? {};
    if (place === 'properties') {
      return { ...descriptor, config: { ...config, properties: withMember(config.properties ?? {}, field, value) } };
    }
    const transform = transformed(transformAt(descriptor, place), field, value, defined);
    const ofPort = config.transform?.[place.inPort] ?? {};
    const ofSender = { ...ofPort[place.componentId], [place.outPort]: transform };
    const ports = { ...config.transform, [place.inPort]: { ...ofPort, [place.componentId]: ofSender } };
    return { ...descriptor, config: { ...config, transform: ports } };
  };
}

function transformed(before: Transform | undefined, field: string, value: unknown, defined: Entries): Transform {
  const transform = before ?? { type: 'json2new', modifiers: {}, lambda: {} };
  const old = (transform.modifiers?.[field] ?? {}) as Entries;
  const gone = placeholdersIn(transform.lambda?.[field]);
  const used = placeholdersIn(value);
  const kept = Object.entries({ ...old, ...defined }).filter(([id]) => used.has(id) || (id in old && !gone.has(id)));
  return {
    ...transform,
    modifiers: withMember(transform.modifiers ?? {}, field, value === undefined ? undefined : Object.fromEntries(kept)),
    lambda: withMember(transform.lambda ?? {}, field, value),
  };
}

/** The message is passed on as it comes. */
export function dropTransform(link: Link): Edit {
  return descriptor => {
    const ofPort = descriptor.config?.transform?.[link.inPort] ?? {};
    const ofSender = withMember(ofPort[link.componentId] ?? {}, link.outPort, undefined) as Record<string, Transform>;
    const transform = { ...descriptor.config?.transform, [link.inPort]: { ...ofPort, [link.componentId]: ofSender } };
    return { ...descriptor, config: { ...descriptor.config, transform } };
  };
}

function withMember(values: Values, name: string, value: unknown): Values {
  if (value !== undefined) {
    return { ...values, [name]: value };
  }
  const { [name]: _, ...rest } = values;
  return rest;
}
