// The ports of a placed component: those of its manifest, and those that links name though it has them not (a connector that
// is missing, a port that an update took away).
import type { ComponentDescriptor } from '../flow_document';
import type { InPort, Manifest, OutPort } from '../manifest';
import type { Components } from './links';
import { linksOf } from './links';

/** Out port that every component has (flow-format 7); shown where it is used. */
export const ERROR_PORT = 'error';

export interface Ports {
  in: string[];
  out: string[];
}

const named = <T extends { name: string }>(port: string | T): T => (typeof port === 'string' ? ({ name: port } as T) : port);

export const inPortsOf = (manifest?: Manifest): InPort[] => (manifest?.inPorts ?? []).map(named);
export const outPortsOf = (manifest?: Manifest): OutPort[] => (manifest?.outPorts ?? []).map(named);
export const inPortOf = (manifest: Manifest | undefined, name: string) => inPortsOf(manifest).find(port => port.name === name);

/** A component without in ports begins a flow. */
export const isTrigger = (manifest: Manifest) => inPortsOf(manifest).length === 0;

/** componentId → out ports that links use. */
export function usedOutPorts(components: Components): Map<string, string[]> {
  const used = new Map<string, string[]>();
  for (const { source, outPort } of linksOf(components)) {
    const ports = used.get(source) ?? [];
    if (!ports.includes(outPort)) {
      used.set(source, [...ports, outPort]);
    }
  }
  return used;
}

export function portsOf(component: ComponentDescriptor, manifest: Manifest | undefined, usedOut: string[] = []): Ports {
  const { onError } = (component.errorHandling ?? {}) as { onError?: string };
  const inside = inPortsOf(manifest).map(({ name }) => name);
  const outside = outPortsOf(manifest).map(({ name }) => name);
  return {
    in: [...new Set([...inside, ...Object.keys(component.source ?? {})])],
    out: [...new Set([...outside, ...usedOut, ...(onError === 'errorPort' ? [ERROR_PORT] : [])])],
  };
}

export const nameOf = (component: ComponentDescriptor, manifest?: Manifest) =>
  component.label || manifest?.label || component.type.split('.').at(-1) || component.type;
