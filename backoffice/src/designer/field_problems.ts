// What the server says is wrong, as problems of components and fields.
import type { Attention } from './flow_document';
import type { ComponentErrors } from './api';
import { inPortsOf } from './document/ports';
import type { Components } from './document/links';
import type { JsonSchema, Manifest } from './manifest';
import type { Problem } from './problems';

// The server's sentence begins with it (docs/formats/flow.md): Input field "to" is required.
const FIELD = /^Input field "([^"]+)"/;

export function problemsOf(errors: ComponentErrors[], components: Components, manifests: Map<string, Manifest>): Problem[] {
  return errors.flatMap(({ componentId, errors: list }) =>
    list.map(({ message }) => {
      const field = FIELD.exec(message)?.[1];
      const manifest = manifests.get(components[componentId]?.type ?? '');
      return { componentId, field: field === undefined ? '' : qualified(field, manifest), message };
    }),
  );
}

export const fieldOf = ({ field }: Attention, manifest?: Manifest) => (field === undefined ? '' : qualified(field, manifest));

/** "to" as "in/to" or "properties/to", whichever the manifest has; one that says where it stands already stays. */
export function qualified(field: string, manifest?: Manifest): string {
  if (field.includes('/')) {
    return field;
  }
  const port = inPortsOf(manifest).find(({ schema, inspector }) => has(schema, inspector?.inputs, field));
  if (port !== undefined) {
    return `${port.name}/${field}`;
  }
  return has(manifest?.properties?.schema, manifest?.properties?.inspector?.inputs, field) ? `properties/${field}` : `in/${field}`;
}

function has(schema: JsonSchema | undefined, inputs: object | undefined, field: string): boolean {
  return field in ((schema?.properties as object | undefined) ?? {}) || field in (inputs ?? {});
}

export function byComponent<T extends { componentId: string }>(list: T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of list) {
    groups.set(one.componentId, [...(groups.get(one.componentId) ?? []), one]);
  }
  return groups;
}
