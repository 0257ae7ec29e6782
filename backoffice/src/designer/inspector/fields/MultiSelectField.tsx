// Several of a list; stored as an array.
import { Chip, Group, Input, MultiSelect, SegmentedControl } from '@mantine/core';
import { useId } from 'react';
import { keyOf } from '../sources/options';
import { type FieldProps, frameOf } from './field_props';
import { dataOf, isEmpty, withStored } from './SelectField';

export function MultiSelectField(props: FieldProps) {
  const chosen = listOf(props.value);
  const listed = chosen.reduce<FieldProps['options']>((options, value) => withStored(options, value, props.optionsKnown), props.options);
  return (
    <MultiSelect
      {...frameOf(props)}
      placeholder={chosen.length === 0 && !props.readOnly ? (frameOf(props).placeholder ?? 'Choose …') : undefined}
      data={dataOf(listed)}
      value={chosen.map(value => String(keyOf(listed, value)))}
      searchable
      hidePickedOptions
      clearable={!props.readOnly}
      nothingFoundMessage="Nothing is called so."
      onChange={keys => props.change(keys.length === 0 ? undefined : keys.map(key => listed[Number(key)]?.value))}
    />
  );
}

/** A few choices side by side, of which one or (`multi`) several are on. */
export function ButtonGroupField(props: FieldProps) {
  const id = useId();
  const { label, description, error, withAsterisk, readOnly } = frameOf(props);
  const data = dataOf(props.options);
  const frame = { label, description, error, withAsterisk, labelElement: 'div' as const, labelProps: { id } };
  if (props.input.multi === true) {
    const chosen = listOf(props.value).map(value => String(keyOf(props.options, value)));
    return (
      <Input.Wrapper {...frame}>
        <Chip.Group multiple value={chosen} onChange={keys => props.change(keys.length === 0 ? undefined : keys.map(key => props.options[Number(key)]?.value))}>
          <Group gap="xs" role="group" aria-labelledby={id}>
            {data.map(option => (
              <Chip key={option.value} value={option.value} size="sm" disabled={readOnly}>
                {option.label}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
    );
  }
  return (
    <Input.Wrapper {...frame}>
      <div>
        <SegmentedControl
          aria-labelledby={id}
          data={data}
          readOnly={readOnly}
          value={isEmpty(props.value) ? '' : String(keyOf(props.options, props.value))}
          onChange={key => props.change(props.options[Number(key)]?.value)}
        />
      </div>
    </Input.Wrapper>
  );
}

/** Some manifests and flows hold a single value, or several in one text. */
function listOf(value: unknown): unknown[] {
  if (isEmpty(value)) {
    return [];
  }
  return Array.isArray(value) ? value : typeof value === 'string' && value.includes(',') ? value.split(',').map(one => one.trim()) : [value];
}
