// Rows of fields, joined by AND and OR or just added. A value of another shape is shown as the JSON it is.
import { ActionIcon, Button, Group, Input, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { Fragment, useId } from 'react';
import type { InspectorInput } from '../../manifest';
import { Field } from '../Field';
import { defaultOf, labelOf } from '../form_model';
import classes from '../inspector.module.css';
import { type FieldProps, frameOf } from './field_props';
import { groupsIn, levelsOf, type Row, valueOf } from './rows';
import { CodeField, joined } from './TextField';

export function ExpressionField(props: FieldProps) {
  const levels = levelsOf(props.input.levels);
  const groups = groupsIn(props.value, levels);
  if (groups === undefined) {
    return <CodeField {...props} hint={joined(props.hint, 'This value does not have the form of a list of rows: it is shown as it is stored.')} />;
  }
  return <Groups {...props} levels={levels} groups={groups} />;
}

/** A list: an array of objects of one kind, or of single values. */
export function ListField(props: FieldProps) {
  const item = props.input.item as (InspectorInput & { properties?: Record<string, InspectorInput> }) | undefined;
  const list = props.value === undefined ? [] : props.value;
  if (item?.properties === undefined || !Array.isArray(list)) {
    return <CodeField {...props} hint={joined(props.hint, 'A list, as JSON.')} />;
  }
  const input = { ...props.input, fields: item.properties };
  return (
    <Groups
      {...props}
      input={input}
      levels={['ADD']}
      groups={groupsIn({ ADD: list }, ['ADD']) ?? []}
      change={(value, defined) => props.change((value as { ADD: unknown[] } | undefined)?.ADD, defined)}
    />
  );
}

function Groups(props: FieldProps & { levels: string[]; groups: Row[][] }) {
  const { levels, groups, input, label, readOnly, change } = props;
  const { description, error, withAsterisk } = frameOf(props);
  const id = useId();
  const [outer, inner] = levels.length === 1 ? [undefined, levels[0]!] : [levels[0]!, levels[1]!];
  const fields = Object.entries((input.fields ?? {}) as Record<string, InspectorInput>).sort(([, a], [, b]) => (a.index ?? Infinity) - (b.index ?? Infinity) || 0);
  const fresh = (): Row => Object.fromEntries(fields.map(([name, field]) => [name, defaultOf(field)]).filter(([, value]) => value !== undefined));
  const put = (next: Row[][], defined?: Parameters<FieldProps['change']>[1]) => change(valueOf(next, levels), defined);
  const replaced = (group: number, rows: Row[]) => groups.map((old, at) => (at === group ? rows : old));
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id }} description={description} error={error} withAsterisk={withAsterisk}>
      <Stack gap="xs" role="group" aria-labelledby={id} mt={4}>
        {groups.map((rows, group) => (
          <Fragment key={group}>
            {group > 0 && outer !== undefined && <Joint word={outer} />}
            {rows.map((row, at) => (
              <Fragment key={at}>
                {at > 0 && inner !== 'ADD' && <Joint word={inner} />}
                <RowFields
                  {...props}
                  fields={fields}
                  row={row}
                  others={groups.flat().filter(one => one !== row)}
                  name={`${label} ${groups.slice(0, group).flat().length + at + 1}`}
                  path={`${props.path}/${outer === undefined ? '' : `${group}/`}${at}`}
                  changeRow={(next, defined) => put(replaced(group, rows.map((old, other) => (other === at ? next : old))), defined)}
                  remove={() => put(replaced(group, rows.filter((_, other) => other !== at)))}
                />
              </Fragment>
            ))}
            {!readOnly && outer !== undefined && (
              <Add label={inner} about={`${label}: ${inner}`} onClick={() => put(replaced(group, [...rows, fresh()]))} />
            )}
          </Fragment>
        ))}
        {!readOnly &&
          (outer === undefined ? (
            <Add label={inner === 'ADD' ? 'Add' : groups.flat().length === 0 ? 'Add' : inner} about={`Add to ${label}`} onClick={() => put([[...groups.flat(), fresh()]])} />
          ) : (
            <Add label={groups.length === 0 ? 'Add' : outer} about={groups.length === 0 ? `Add to ${label}` : `${label}: ${outer}`} onClick={() => put([...groups, [fresh()]])} />
          ))}
      </Stack>
    </Input.Wrapper>
  );
}

interface RowProps extends FieldProps {
  fields: [string, InspectorInput][];
  row: Row;
  /** The other rows, whose values of `exclusiveFields` this one may not have. */
  others: Row[];
  name: string;
  changeRow: (row: Row, defined?: Parameters<FieldProps['change']>[1]) => void;
  remove: () => void;
}

function RowFields({ fields, row, others, name, path, input, variables, scopes, readOnly, changeRow, remove }: RowProps) {
  const exclusive = Array.isArray(input.exclusiveFields) ? (input.exclusiveFields as string[]) : [];
  const set = (field: string, value: unknown, defined?: Parameters<FieldProps['change']>[1]) => {
    const { [field]: _, ...rest } = row;
    changeRow(value === undefined ? rest : { ...row, [field]: value }, defined);
  };
  return (
    <Group className={classes.row} wrap="nowrap" align="flex-start" gap={4} role="group" aria-label={name}>
      <Stack gap="xs" flex={1} miw={0}>
        {fields.map(([field, of]) => (
          <Field
            key={field}
            path={`${path}/${field}`}
            input={of}
            label={labelOf(field, of)}
            required={of.required === true}
            readOnly={readOnly}
            value={row[field]}
            change={(value, defined) => set(field, value, defined)}
            variables={variables}
            scopes={[row, ...scopes]}
            taken={exclusive.includes(field) ? others.map(other => other[field]) : []}
          />
        ))}
      </Stack>
      {!readOnly && (
        <ActionIcon variant="subtle" color="red" aria-label={`Remove ${name}`} onClick={remove}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      )}
    </Group>
  );
}

function Joint({ word }: { word: string }) {
  return (
    <Text size="xs" fw={700} ta="center">
      {word}
    </Text>
  );
}

function Add({ label, about, onClick }: { label: string; about: string; onClick: () => void }) {
  return (
    <Button variant="light" size="compact-sm" style={{ alignSelf: 'flex-start' }} leftSection={<IconPlus size={14} aria-hidden />} aria-label={about} onClick={onClick}>
      {label}
    </Button>
  );
}
