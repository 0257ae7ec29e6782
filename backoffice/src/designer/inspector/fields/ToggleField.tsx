import { Switch } from '@mantine/core';
import { type FieldProps, frameOf } from './field_props';

export function ToggleField(props: FieldProps) {
  const { readOnly, label, description, error } = frameOf(props);
  const on = props.value === true || props.value === 'true';
  return (
    <Switch
      label={label}
      description={description}
      error={error}
      checked={on}
      disabled={readOnly}
      pr={56}
      onChange={event => props.change(event.currentTarget.checked)}
    />
  );
}
