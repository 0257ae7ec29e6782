// A form out of a manifest: the inputs of an inspector in their groups and order; where there is only a schema, its properties.
import type { InspectorDefinition, InspectorInput, JsonSchema } from '../manifest';
import type { Values } from './edits';

export interface FormDefinition {
  schema?: JsonSchema;
  inspector?: InspectorDefinition;
}

export interface FormField {
  name: string;
  input: InspectorInput;
  required: boolean;
}

export interface FormGroup {
  id: string;
  /** Absent: fields that are in no group. */
  label?: string;
  closed: boolean;
  fields: FormField[];
}

const UNGROUPED = '';

export function groupsOf({ schema, inspector }: FormDefinition): FormGroup[] {
  const inputs = inspector?.inputs ?? inputsOfSchema(schema);
  const required = requiredOf(schema);
  const fields = Object.entries(inputs)
    .map(([name, input]) => ({ name, input, required: required.has(name) || input.required === true }))
    .sort((a, b) => (a.input.index ?? Infinity) - (b.input.index ?? Infinity) || 0);
  const ids = [...new Set([UNGROUPED, ...Object.keys(inspector?.groups ?? {}), ...fields.map(({ input }) => input.group ?? UNGROUPED)])];
  return ids
    .map(id => {
      const group = inspector?.groups?.[id];
      const label = id === UNGROUPED ? undefined : (group?.label ?? wordsOf(id));
      return { id, label, index: id === UNGROUPED ? -1 : (group?.index ?? Infinity), closed: group?.closed === true, fields: fields.filter(field => (field.input.group ?? UNGROUPED) === id) };
    })
    .filter(group => group.fields.length > 0)
    .sort((a, b) => a.index - b.index || 0);
}

export function requiredOf(schema: JsonSchema | undefined): Set<string> {
  return new Set(Array.isArray(schema?.required) ? (schema.required as string[]) : []);
}

export function labelOf(name: string, input: InspectorInput): string {
  return plainText(input.label ?? '') || wordsOf(name);
}

/** What the connector says of the field. */
export function hintOf(input: InspectorInput): string {
  const old = (input.attrs as { label?: Record<string, string> } | undefined)?.label?.['data-tooltip'];
  return plainText(input.tooltip ?? old ?? (typeof input.description === 'string' ? input.description : ''));
}

export function defaultOf(input: InspectorInput): unknown {
  return input.defaultValue ?? input.default;
}

/** What a form shows while nothing of it is stored. */
export function defaultsOf(definition: FormDefinition): Values {
  const given = groupsOf(definition).flatMap(({ fields }) => fields.map(({ name, input }) => [name, defaultOf(input)] as const));
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** "customerId" → "Customer id". */
export function wordsOf(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
}

/** Labels and tooltips of connectors may hold HTML; only its text is shown. */
export function plainText(html: string): string {
  return /[<&]/.test(html) ? (new DOMParser().parseFromString(html, 'text/html').body.textContent ?? '') : html;
}

function inputsOfSchema(schema: JsonSchema | undefined): Record<string, InspectorInput> {
  const properties = (schema?.properties ?? {}) as Record<string, JsonSchema>;
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, inputOfSchema(name, property)]));
}

function inputOfSchema(name: string, property: JsonSchema): InspectorInput {
  const label = typeof property.title === 'string' ? property.title : wordsOf(name);
  const tooltip = typeof property.description === 'string' ? property.description : undefined;
  const about = { label, tooltip, defaultValue: property.default };
  if (Array.isArray(property.enum)) {
    return { ...about, type: 'select', options: property.enum };
  }
  const types = [property.type].flat();
  if (types.includes('boolean')) {
    return { ...about, type: 'toggle' };
  }
  if (types.includes('number') || types.includes('integer')) {
    return { ...about, type: 'number', min: property.minimum, max: property.maximum };
  }
  if (types.includes('object') || types.includes('array')) {
    return { ...about, type: 'json' };
  }
  return { ...about, type: property.format === 'date-time' ? 'date-time' : 'text' };
}
