// Which connectors the catalogue page shows, and in which order. Each criterion narrows what the others leave (S9).
import type { ConnectorRow, FlowUsage } from '../api';

/** Connector → how many flows use it; nothing while that is not known. */
export type FlowCounts = ReadonlyMap<string, number> | undefined;

export const SHOWS = {
  installed: { label: 'Installed', holds: ({ installed }) => installed },
  'not-installed': { label: 'Not installed', holds: ({ installed }) => !installed },
  updates: { label: 'Update available', holds: ({ updateAvailable }) => updateAvailable },
  breaking: { label: 'Breaking', holds: ({ breaking }) => breaking },
  custom: { label: 'Custom', holds: ({ source }) => source === 'published' },
  unused: { label: 'Unused', holds: ({ installed, name }, counts) => installed && counts !== undefined && !counts.has(name) },
} satisfies Record<string, { label: string; holds: (connector: ConnectorRow, counts: FlowCounts) => boolean }>;
export type Show = keyof typeof SHOWS;

const { compare } = new Intl.Collator('en');
const byName = (a: ConnectorRow, b: ConnectorRow): number => compare(a.label, b.label) || (a.name < b.name ? -1 : 1);

export const SORTS = {
  name: { label: 'Name', compare: () => 0 },
  updated: { label: 'Recently updated', compare: (a, b) => (b.updatedAt ?? '').localeCompare(a.updatedAt ?? '') },
  used: { label: 'Most used', compare: (a, b, counts) => (counts?.get(b.name) ?? 0) - (counts?.get(a.name) ?? 0) },
} satisfies Record<string, { label: string; compare: (a: ConnectorRow, b: ConnectorRow, counts: FlowCounts) => number }>;
export type Sort = keyof typeof SORTS;

export interface Filters {
  text: string;
  shows: Show[];
  category: string;
  sort: Sort;
}

export const NO_FILTERS: Filters = { text: '', shows: [], category: '', sort: 'name' };

export function isFiltered({ text, shows, category }: Filters): boolean {
  return text.trim() !== '' || shows.length > 0 || category !== '';
}

export function needsUsage({ shows, sort }: Filters): boolean {
  return sort === 'used' || shows.includes('unused');
}

export function chosen(rows: ConnectorRow[], { text, shows, category, sort }: Filters, counts: FlowCounts): ConnectorRow[] {
  const sought = text.trim().toLowerCase();
  const kept = rows.filter(
    row =>
      (sought === '' || row.label.toLowerCase().includes(sought) || row.name.toLowerCase().includes(sought)) &&
      (category === '' || row.category === category) &&
      shows.every(show => SHOWS[show].holds(row, counts)),
  );
  return sort === 'name' ? kept : kept.sort((a, b) => SORTS[sort].compare(a, b, counts));
}

/** Done once an answer, so that filtering while someone types sorts nothing. */
export function sortedByName(rows: ConnectorRow[]): ConnectorRow[] {
  return rows.toSorted(byName);
}

/** A component belongs to the connector with the longest name that begins its type: acme.office.mail before acme.office. */
export function countFlows(rows: ConnectorRow[], flows: FlowUsage[]): Map<string, number> {
  const names = new Set(rows.map(({ name }) => name));
  const counts = new Map<string, number>();
  for (const { componentTypes } of flows) {
    for (const name of new Set(componentTypes.map(type => ownerOf(type, names)))) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return counts;
}

function ownerOf(type: string, names: Set<string>): string {
  for (let name = type; name.includes('.'); name = name.slice(0, name.lastIndexOf('.'))) {
    if (names.has(name)) {
      return name;
    }
  }
  return type;
}
