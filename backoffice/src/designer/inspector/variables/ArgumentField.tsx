// One argument of a modifier: a text that may hold variables of its own, or a yes or no.
import { Switch } from '@mantine/core';
import type { Link } from '../edits';
import { asText } from '../fields/field_props';
import type { Argument, Entries } from './template';
import { hasPlaceholder, placeholdersIn } from './template';
import { TemplateField } from './TemplateField';

interface Props {
  label: string;
  type: string;
  given: Argument | undefined;
  link: Link;
  readOnly: boolean;
  change: (argument: Argument | undefined) => void;
}

export function BooleanArgument(props: Props) {
  const { label, given, readOnly, change } = props;
  if (hasPlaceholder(given?.value)) {
    return <TextArgument {...props} />;
  }
  const on = given?.value === true || given?.value === 'true';
  return <Switch label={label} checked={on} disabled={readOnly} onChange={event => change(event.currentTarget.checked ? { value: true } : undefined)} />;
}

export function TextArgument({ label, type, given, link, readOnly, change }: Props) {
  const entries = given?.modifiers ?? {};
  const changed = (value: unknown, defined: Entries = {}) => {
    const used = placeholdersIn(value);
    const modifiers = Object.fromEntries(Object.entries({ ...entries, ...defined }).filter(([id]) => used.has(id)));
    change(value === undefined ? undefined : { value, ...(Object.keys(modifiers).length > 0 && { modifiers }) });
  };
  return (
    <TemplateField
      path=""
      input={{ type: 'text' }}
      label={label}
      hint={type === 'any' || type === 'string' ? '' : wordFor(type)}
      required={false}
      readOnly={readOnly}
      value={asText(given?.value)}
      change={changed}
      variables={{ link, entries }}
      options={[]}
      optionsKnown
      scopes={[]}
    />
  );
}

function wordFor(type: string): string {
  return type === 'number' ? 'A number.' : `Of type ${type}.`;
}
