// What a link offers, with the members of objects whose schema tells them.
import type { JsonSchema } from '../../manifest';
import type { OfferedVariable } from '../api';

const DEEPEST = 5;

export function expanded(offered: OfferedVariable[]): OfferedVariable[] {
  const seen = new Set<string>();
  return offered.flatMap(one => withMembers(one, 0)).filter(({ value }) => !seen.has(value) && seen.add(value) !== undefined);
}

function withMembers(one: OfferedVariable, depth: number): OfferedVariable[] {
  const properties = one.schema?.properties;
  if (depth >= DEEPEST || typeof properties !== 'object' || properties === null || one.label === 'Raw Output') {
    return [one];
  }
  const members = Object.entries(properties as Record<string, JsonSchema>)
    // A key with a dot cannot be addressed.
    .filter(([name]) => !name.includes('.'))
    .map(([name, schema]) => ({
      ...one,
      label: `${one.label} › ${typeof schema.title === 'string' ? schema.title : name}`,
      value: one.value.replace(/\}\}\}$/, `.${name}}}}`),
      schema,
    }));
  return [one, ...members.flatMap(member => withMembers(member, depth + 1))];
}
