// Components by the connector they belong to, those that a search finds first.
import type { Manifest } from '../manifest';
import { type App, appOf, type Components } from './api';

export interface PaletteGroup {
  app: App;
  manifests: Manifest[];
}

/** A search shows at most so many; it can be made closer. */
const MOST = 200;

export function grouped({ manifests, apps }: Components, search: string): { groups: PaletteGroup[]; count: number; more: number } {
  const words = search.toLowerCase().split(/\s+/).filter(word => word !== '');
  const found = [...manifests.values()].filter(manifest => manifest.private !== true && matches(manifest, appOf(manifest.name, apps), words));
  const shown = words.length > 0 ? found.slice(0, MOST) : found;
  const groups = new Map<string, PaletteGroup>();
  for (const manifest of shown) {
    const app = appOf(manifest.name, apps);
    const group = groups.get(app.name) ?? { app, manifests: [] };
    group.manifests.push(manifest);
    groups.set(app.name, group);
  }
  const sorted = [...groups.values()].sort((a, b) => a.app.label.localeCompare(b.app.label));
  return { groups: sorted, count: found.length, more: found.length - shown.length };
}

function matches({ name, label = '' }: Manifest, app: App, words: string[]): boolean {
  const text = `${name} ${label} ${app.label}`.toLowerCase();
  return words.every(word => text.includes(word));
}
