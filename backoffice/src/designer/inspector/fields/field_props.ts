import type { InspectorInput } from '../../manifest';
import type { Link, Values } from '../edits';
import type { Option } from '../sources/options';
import type { Entries } from '../variables/template';

/** What may be put into a value beside text. */
export interface VariableScope {
  link: Link;
  /** Of the whole field, also of what is nested in it. */
  entries: Entries;
}

export interface FieldProps {
  /** "in/subject"; of nested fields "in/rows/0/name". */
  path: string;
  input: InspectorInput;
  label: string;
  hint?: string;
  error?: string;
  required: boolean;
  readOnly: boolean;
  value: unknown;
  /** `undefined` takes the value out. `defined`: entries of variables that are new in it, or changed. */
  change: (value: unknown, defined?: Entries) => void;
  /** Absent: fixed values only. */
  variables?: VariableScope;
  /** Choices, where the field has any. */
  options: Option[];
  /** Whether those are all that there are: a component that tells them may not have been asked. */
  optionsKnown: boolean;
  /** Values of the forms that it stands in, the nearest first. */
  scopes: Values[];
}

/** A value as people read it. */
export function asText(value: unknown): string {
  if (value === undefined || value === null) {
    return '';
  }
  return typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
}

/** Label, hint and error as Mantine's inputs take them. */
export function frameOf({ label, hint, error, required, readOnly, input }: FieldProps) {
  const placeholder = typeof input.placeholder === 'string' ? input.placeholder : undefined;
  return { label, description: hint === '' ? undefined : hint, error, withAsterisk: required, 'aria-required': required, readOnly: readOnly || input.readonly === true, placeholder };
}
