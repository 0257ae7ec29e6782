// Which connectors a flow uses, and in which versions: read from its components' types.
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call';
import type { ComponentDescriptor } from '../designer/flow_document';

/** GET /apps: the installed connectors that the signed-in user may use. */
export type InstalledConnectors = Record<string, { name: string; label: string; version: string }>;

export interface UsedConnector {
  name: string;
  label: string;
  versions: string[];
  installed: boolean;
}

/** `everyMs`: for who waits for one to come back. Only administrators get events of connectors. */
export function useInstalledConnectors(everyMs: number | false = false) {
  return useQuery({
    queryKey: ['connectors', 'installed'],
    queryFn: ({ signal }): Promise<InstalledConnectors> => call('GET /apps', { signal }),
    refetchInterval: everyMs,
  });
}

export function usedConnectors(flow: Record<string, ComponentDescriptor>, installed: InstalledConnectors): UsedConnector[] {
  const used = new Map<string, UsedConnector>();
  for (const { type, version } of Object.values(flow)) {
    const name = connectorOf(type, installed);
    const one = used.get(name) ?? { name, label: installed[name]?.label ?? name, versions: [], installed: name in installed };
    if (version !== undefined && !one.versions.includes(version)) {
      one.versions.push(version);
    }
    used.set(name, one);
  }
  return [...used.values()].sort((a, b) => a.label.localeCompare(b.label));
}

/** "appmixer.trello" of "appmixer.trello.cards.CreateCard": a connector's name is all of it but the module, or with the module. */
export function connectorOf(type: string, installed: InstalledConnectors): string {
  const parts = type.split('.');
  const names = [parts.slice(0, -1), parts.slice(0, -2)].map(some => some.join('.'));
  return names.find(name => name in installed) ?? names[1] ?? type;
}

/** "CreateCard" */
export function shortType(type: string): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
