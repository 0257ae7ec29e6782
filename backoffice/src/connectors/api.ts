// The catalogue and one connector (rest-api §29.1, §29.2). Administrators only.
import { queryOptions, useQuery } from '@tanstack/react-query';
import { call, request } from '../api/call';
import { queries } from '../api/queries';
import { isAdmin } from '../api/session';
import type { AuditEntry } from '../system/audit/api';

/** A row of GET /connectors, as the catalogue page asks for it: icons come by themselves, for the cards that are seen. */
export interface ConnectorRow {
  name: string;
  label: string;
  description: string;
  category: string;
  vendor: string;
  /** 'published': no catalogue has it. */
  source: 'marketplace' | 'published';
  installed: boolean;
  installedVersion: string | null;
  /** The newest that fits this server; when none fits, the newest. */
  availableVersion: string | null;
  updateAvailable: boolean;
  breaking: boolean;
  /** Whether the available version fits this server. */
  compatible: boolean;
  installedAt: string | null;
  updatedAt: string | null;
  /** Ticket of the operation that works on it now. */
  operation: string | null;
}

export interface Connector extends ConnectorRow {
  /** A data: URL. */
  icon: string | null;
}

export interface ConnectorComponent {
  name: string;
  label: string;
  kind: 'action' | 'trigger';
  description: string;
  /** Not known of what is only on offer. */
  version: string | null;
  private: boolean;
  deprecated: boolean;
  loadError?: string;
}

/** GET /connectors/:name. */
export interface ConnectorDetails extends Connector {
  components: ConnectorComponent[];
  versions: string[];
  engine: string | null;
  modules: string[];
  auth: { service: string; type: string | null; configured: boolean; requiredKeys: string[] } | null;
  quota: { name: string; isCustom: boolean | null } | null;
  usage: { flowsRunning: number; flowsStopped: number; users: number };
}

export interface Catalogue {
  rows: ConnectorRow[];
  /** Why catalogues could not be read; what is installed is in the rows all the same. */
  error: string | null;
}

export interface ChangelogEntry {
  version: string;
  breaking: boolean;
  changes: { text: string; breaking: boolean }[];
}

export interface ConnectorVersion {
  version: string;
  /** Of what is or was installed. */
  revision: string | null;
  installed: boolean;
  trashed: boolean;
  offered: boolean;
  engine: string | null;
  compatible: boolean;
  installedAt: string | null;
  trashedAt: string | null;
}

/** GET /stats/component-usage, one row a flow. */
export interface FlowUsage {
  flowId: string;
  flowName: string;
  userId: string;
  value2: 'running' | 'stopped';
  componentTypes: string[];
}

/** The server sets no limit of its own; pages keep one answer from growing without end. */
const PAGE = 5000;

async function fetchCatalogue(signal?: AbortSignal): Promise<Catalogue> {
  const rows: ConnectorRow[] = [];
  for (;;) {
    const response = await request('GET /connectors', { query: { projection: '-icon', limit: PAGE, offset: rows.length }, signal });
    const page = (await response.json()) as ConnectorRow[];
    rows.push(...page);
    if (page.length < PAGE) {
      return { rows, error: response.headers.get('X-Catalogue-Error') };
    }
  }
}

export const refreshCatalogues = (): Promise<{ refreshed: number; error: string | null }> => call('POST /connectors/refresh', { body: {} });

export const fetchConnector = (name: string, signal?: AbortSignal): Promise<ConnectorDetails> =>
  call('GET /connectors/:name', { params: { name }, signal });

/** The entries, and which versions are newer than the installed one: by the server's own order of versions. */
async function fetchChangelog(name: string, signal?: AbortSignal): Promise<{ entries: ChangelogEntry[]; newer: Set<string> }> {
  const read = (query: { from?: string }): Promise<ChangelogEntry[]> => call('GET /connectors/:name/changelog', { params: { name }, query, signal });
  const [entries, update] = await Promise.all([read({ from: '0' }), read({})]);
  return { entries, newer: new Set(update.map(({ version }) => version)) };
}

const CATALOGUE = queryOptions({ queryKey: ['connectors', 'all'], queryFn: ({ signal }) => fetchCatalogue(signal) });

export const useCatalogue = () => useQuery(CATALOGUE);

/** Asks for it while the page's own code still loads. */
export function expectCatalogue(): void {
  if (isAdmin()) {
    void queries.prefetchQuery(CATALOGUE);
  }
}

export function useConnector(name: string) {
  return useQuery({ queryKey: ['connectors', name], queryFn: ({ signal }) => fetchConnector(name, signal), enabled: name !== '' });
}

export function useChangelog(name: string) {
  return useQuery({ queryKey: ['connectors', name, 'changelog'], queryFn: ({ signal }) => fetchChangelog(name, signal) });
}

export function useVersions(name: string) {
  return useQuery({
    queryKey: ['connectors', name, 'versions'],
    queryFn: ({ signal }): Promise<ConnectorVersion[]> => call('GET /connectors/:name/versions', { params: { name }, signal }),
  });
}

/** Flows and what they use: of one connector, or of all. */
export function useFlowUsage(componentType?: string, enabled = true) {
  return useQuery({
    queryKey: ['usage', componentType ?? 'all'],
    queryFn: ({ signal }): Promise<FlowUsage[]> => call('GET /stats/component-usage', { query: { group: '$flowId', componentType }, signal }),
    enabled,
  });
}

export function useActivity(name: string, limit: number) {
  return useQuery({
    queryKey: ['connectors', name, 'activity', limit],
    queryFn: ({ signal }): Promise<AuditEntry[]> => call('GET /audit', { query: { filter: `name:${name}`, limit }, signal }),
    placeholderData: before => before,
  });
}
