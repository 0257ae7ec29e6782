// Values of expressions: rows of fields, in groups by level (connector-format.md §8.5). One level: {"ADD": [row, …]}. Two levels:
// {"AND": [{"OR": [row, …]}, …]}, where each entry of the outer list is a group. A list is an array of rows.
import type { Values } from '../edits';

export type Row = Values;
export type Level = string;

/** What a manifest without levels means. */
const USUAL_LEVELS: Level[] = ['OR', 'AND'];

export function levelsOf(levels: unknown): Level[] {
  return Array.isArray(levels) && levels.length > 0 ? (levels as Level[]) : USUAL_LEVELS;
}

/** Groups of rows; undefined: the value has another shape, and must not be touched. */
export function groupsIn(value: unknown, levels: Level[]): Row[][] | undefined {
  if (value === undefined || value === null || value === '') {
    return [];
  }
  const outer = listAt(value, levels[0]!);
  if (levels.length === 1) {
    return outer === undefined ? undefined : rowsOnly([outer]);
  }
  const inner = outer?.map(group => listAt(group, levels[1]!));
  return inner === undefined || inner.includes(undefined) ? undefined : rowsOnly(inner as unknown[][]);
}

/** Undefined: no row is left. */
export function valueOf(groups: Row[][], levels: Level[]): unknown {
  const kept = groups.filter(group => group.length > 0);
  if (kept.length === 0) {
    return undefined;
  }
  return levels.length === 1 ? { [levels[0]!]: kept.flat() } : { [levels[0]!]: kept.map(rows => ({ [levels[1]!]: rows })) };
}

function listAt(value: unknown, level: Level): unknown[] | undefined {
  const list = typeof value === 'object' && value !== null && Object.keys(value).length === 1 ? (value as Values)[level] : undefined;
  return Array.isArray(list) ? list : undefined;
}

function rowsOnly(groups: unknown[][]): Row[][] | undefined {
  const isRow = (row: unknown) => typeof row === 'object' && row !== null && !Array.isArray(row);
  return groups.every(group => group.every(isRow)) ? (groups as Row[][]) : undefined;
}
