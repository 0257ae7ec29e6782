// Is a field shown? Its `when`, e.g. {"eq": {"./type": "text"}}: operators over paths, relative to the field. "./x", "../x" and
// plain "x" all name what stands beside the field (connectors write all three); in a row that has no x, the form's.
import type { Values } from './edits';

/** `scopes`: the nearest first. */
export function isShown(when: unknown, scopes: Values[]): boolean {
  if (typeof when !== 'object' || when === null) {
    return true;
  }
  return Object.entries(when).every(([operator, operand]) => holds(operator, operand, scopes));
}

function holds(operator: string, operand: unknown, scopes: Values[]): boolean {
  const several = (Array.isArray(operand) ? operand : [operand]) as unknown[];
  switch (operator) {
    case 'and':
      return several.every(one => isShown(one, scopes));
    case 'or':
      return several.some(one => isShown(one, scopes));
    case 'not':
    case 'nor':
      return !several.some(one => isShown(one, scopes));
    default:
      return Object.entries((operand ?? {}) as Values).every(([path, wanted]) => compares(operator, valueOf(path, scopes), wanted));
  }
}

function compares(operator: string, value: unknown, wanted: unknown): boolean {
  switch (operator) {
    case 'eq':
      return same(value, wanted);
    case 'ne':
      return !same(value, wanted);
    case 'in':
      return Array.isArray(wanted) && wanted.some(one => same(value, one));
    case 'nin':
      return !(Array.isArray(wanted) && wanted.some(one => same(value, one)));
    case 'lt':
      return Number(value) < Number(wanted);
    case 'lte':
      return Number(value) <= Number(wanted);
    case 'gt':
      return Number(value) > Number(wanted);
    case 'gte':
      return Number(value) >= Number(wanted);
    case 'regex':
      return new RegExp(String(wanted)).test(String(value ?? ''));
    default:
      // Better a field too many than one that cannot be filled.
      return true;
  }
}

/** A toggle that was never touched is off. */
function same(value: unknown, wanted: unknown): boolean {
  return value === wanted || (wanted === false && (value === undefined || value === null)) || (value !== undefined && String(value) === String(wanted));
}

function valueOf(path: string, scopes: Values[]): unknown {
  const name = path.replace(/^(\.{1,2}\/)+/, '');
  const scope = scopes.find(values => name in values || nested(values, name) !== undefined);
  return scope === undefined ? undefined : name in scope ? scope[name] : nested(scope, name);
}

function nested(values: Values, path: string): unknown {
  return path.split(/[./]/).reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Values)[key] : undefined), values);
}
