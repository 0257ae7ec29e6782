import { NumberInput } from '@mantine/core';
import { type FieldProps, frameOf } from './field_props';

export function NumberField(props: FieldProps) {
  const { min, max, step } = props.input;
  return (
    <NumberInput
      {...frameOf(props)}
      value={typeof props.value === 'number' || typeof props.value === 'string' ? props.value : ''}
      min={number(min)}
      max={number(max)}
      step={number(step)}
      clampBehavior="none"
      // A text while it is being typed ("-", "1.") or too long for a number: kept as it is.
      onChange={value => props.change(value === '' ? undefined : value)}
    />
  );
}

function number(value: unknown): number | undefined {
  const read = value === undefined || value === null || value === '' ? NaN : Number(value);
  return Number.isFinite(read) ? read : undefined;
}
