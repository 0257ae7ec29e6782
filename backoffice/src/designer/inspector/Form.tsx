// The fields of one place: the component's properties, or what one link gives to an in port.
import { Accordion, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Problem } from '../problems';
import { useInspector } from './context';
import { type Edit, entriesAt, fieldPath, type Link, type Place, setValue, valuesAt, type Values } from './edits';
import { Field } from './Field';
import { defaultsOf, type FormDefinition, type FormField, type FormGroup, groupsOf, labelOf } from './form_model';
import type { FieldProps } from './fields/field_props';
import { isShown } from './when';

interface Props {
  definition: FormDefinition;
  place: Place;
  problems: Problem[];
  focus?: string;
}

export function Form({ definition, place, problems, focus }: Props) {
  const { descriptor, edit, readOnly, document, componentId } = useInspector();
  const stored = valuesAt(descriptor, place);
  const isNew = stored === undefined || Object.keys(stored).length === 0;
  const values = isNew ? defaultsOf(definition) : stored;
  // `when` goes by what is usual where nothing is stored, so that no field hides for want of a default.
  const scopes: Values[] = [values, defaultsOf(definition)];
  const groups = groupsOf(definition);
  const attention = document.attention?.filter(one => one.componentId === componentId && one.field !== undefined) ?? [];

  const change = (name: string, value: unknown, defined?: Parameters<FieldProps['change']>[1]) => {
    if (isNew) {
      // What is shown is what runs.
      Object.entries(values).forEach(([other, usual]) => other !== name && edit(setValue(place, other, usual)));
    }
    edit(setValue(place, name, value, defined) satisfies Edit);
  };
  const errorOf = ({ name, required }: FormField): string | undefined => {
    const empty = isNothing(values[name]);
    const path = fieldPath(place, name);
    const said = problems.find(problem => problem.field === path)?.message ?? (empty ? attention.find(one => lastOf(one.field!) === name)?.message : undefined);
    return said ?? (required && empty && !isNew ? 'Required, and still empty.' : undefined);
  };
  const fieldOf = (field: FormField) => {
    const path = fieldPath(place, field.name);
    return (
      <Field
        key={field.name}
        path={path}
        input={field.input}
        label={labelOf(field.name, field.input)}
        required={field.required}
        readOnly={readOnly}
        value={values[field.name]}
        change={(value, defined) => change(field.name, value, defined)}
        variables={place === 'properties' ? undefined : scopeOf(place, field.name)}
        scopes={scopes}
        error={errorOf(field)}
      />
    );
  };
  const scopeOf = (link: Link, name: string) => ({ link, entries: entriesAt(descriptor, link, name) });
  const shown = groups.map(group => ({ ...group, fields: group.fields.filter(({ input }) => isShown(input.when, scopes)) })).filter(group => group.fields.length > 0);
  const [first, rest] = shown[0]?.label === undefined ? [shown[0]?.fields ?? [], shown.slice(1)] : [[], shown];
  if (shown.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        There is nothing to fill in.
      </Text>
    );
  }
  return (
    <Stack gap="md">
      {first.map(fieldOf)}
      {rest.length > 0 && <Groups groups={rest} focus={focus} place={place} hasError={group => group.fields.some(field => errorOf(field) !== undefined)} fieldOf={fieldOf} />}
    </Stack>
  );
}

interface GroupsProps {
  groups: FormGroup[];
  place: Place;
  focus?: string;
  hasError: (group: FormGroup) => boolean;
  fieldOf: (field: FormField) => React.ReactNode;
}

function Groups({ groups, place, focus, hasError, fieldOf }: GroupsProps) {
  const [open, setOpen] = useState(() => groups.filter(group => !group.closed || hasError(group)).map(({ id }) => id));
  const wanted = groups.find(group => group.fields.some(({ name }) => fieldPath(place, name) === focus))?.id;
  useEffect(() => {
    if (wanted !== undefined) {
      setOpen(before => [...new Set([...before, wanted])]);
    }
  }, [wanted]);
  return (
    <Accordion multiple value={open} onChange={setOpen} variant="separated" order={4}>
      {groups.map(group => (
        <Accordion.Item key={group.id} value={group.id}>
          <Accordion.Control>{group.label}</Accordion.Control>
          <Accordion.Panel>
            <Stack gap="md">{group.fields.map(fieldOf)}</Stack>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  );
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** Attention names fields with or without their port. */
function lastOf(field: string): string {
  return field.split(/[./]/).at(-1) ?? field;
}
