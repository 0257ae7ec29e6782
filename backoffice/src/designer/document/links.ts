// The links of a flow, as a list. In the document they stand at the component that receives: source[inPort][sender] = [outPort, …];
// a single out port may be a plain text there (flow-format 1.2).
import type { ComponentDescriptor, FlowDocument } from '../flow_document';

export type Components = FlowDocument['flow'];

export interface Link {
  source: string;
  outPort: string;
  target: string;
  inPort: string;
}

/** Ids have no "/", so neither two links have the same. */
export const linkId = ({ source, outPort, target, inPort }: Link) => `${source}/${outPort}/${target}/${inPort}`;

export function linksOf(components: Components): Link[] {
  return Object.entries(components).flatMap(([target, component]) => linksInto(target, component));
}

export function linksInto(target: string, component: ComponentDescriptor): Link[] {
  return Object.entries(component.source ?? {}).flatMap(([inPort, senders]) =>
    Object.entries(senders ?? {}).flatMap(([source, outPorts]) => listOf(outPorts).map(outPort => ({ source, outPort, target, inPort }))),
  );
}

function listOf(outPorts: string | string[]): string[] {
  return [...new Set(typeof outPorts === 'string' ? [outPorts] : outPorts)];
}
