// Places for components: left to right as messages go, one column a step. Pure.
import type { Place } from './edits';
import { type Components, linksOf } from './links';

const COLUMN = 240;
const ROW = 140;

export function arranged(components: Components): Record<string, Place> {
  const columns = columnsOf(components);
  const rows = new Map<number, number>();
  const places: Record<string, Place> = {};
  for (const id of Object.keys(components)) {
    const column = columns.get(id) ?? 0;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    places[id] = { x: column * COLUMN, y: row * ROW };
  }
  return places;
}

/** Where each component is drawn: a flow that was written by a program has them all at the same place. */
export function placesOf(components: Components): Record<string, Place> {
  const own = Object.entries(components).map(([id, { x, y }]) => [id, { x: Number(x) || 0, y: Number(y) || 0 }] as const);
  return isPile(components) ? arranged(components) : Object.fromEntries(own);
}

export function isPile(components: Components): boolean {
  const all = Object.values(components);
  return all.length > 1 && all.every(({ x, y }) => x === all[0]!.x && y === all[0]!.y);
}

// Fewest steps from a component that begins; what only a circle leads to stays in the first column.
function columnsOf(components: Components): Map<string, number> {
  const targets = new Map<string, string[]>();
  const reached = new Set<string>();
  for (const { source, target } of linksOf(components)) {
    targets.set(source, [...(targets.get(source) ?? []), target]);
    reached.add(target);
  }
  const columns = new Map<string, number>();
  let front = Object.keys(components).filter(id => !reached.has(id));
  for (let column = 0; front.length > 0; column += 1) {
    front.forEach(id => columns.set(id, column));
    front = [...new Set(front.flatMap(id => targets.get(id) ?? []))].filter(id => id in components && !columns.has(id));
  }
  return columns;
}
