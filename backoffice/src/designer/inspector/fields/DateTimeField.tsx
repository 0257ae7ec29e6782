// A point in time or a day, by the browser's own input. A stored text that is no date ("tomorrow") stays a text.
import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { type DateConfig, fromInput, hasTime, toInput } from './date_text';
import { asText, type FieldProps, frameOf } from './field_props';
import { joined, textOrNothing } from './TextField';

export function DateTimeField(props: FieldProps) {
  const config = props.input.type === 'date' ? { enableTime: false } : ((props.input.config ?? {}) as DateConfig);
  const stored = asText(props.value);
  const shown = toInput(stored, config);
  // While a date is half typed the browser's input is empty; it must not be emptied for that.
  const [typed, setTyped] = useState('');
  if (shown === undefined) {
    const hint = joined(props.hint, 'This is not a date that can be shown as one: it is kept as the text it is.');
    return <TextInput {...frameOf({ ...props, hint })} value={stored} onChange={event => props.change(textOrNothing(event.currentTarget.value))} />;
  }
  const zone = hasTime(config) && config.format === undefined ? `In your time zone (${Intl.DateTimeFormat().resolvedOptions().timeZone}).` : '';
  return (
    <TextInput
      {...frameOf({ ...props, hint: zone === '' ? props.hint : joined(props.hint, zone) })}
      type={hasTime(config) ? 'datetime-local' : 'date'}
      value={typed !== '' && fromInput(typed, config) === stored ? typed : shown}
      onChange={event => {
        setTyped(event.currentTarget.value);
        props.change(textOrNothing(fromInput(event.currentTarget.value, config)));
      }}
    />
  );
}

export function TimeField(props: FieldProps) {
  return <TextInput {...frameOf(props)} type="time" value={asText(props.value)} onChange={event => props.change(textOrNothing(event.currentTarget.value))} />;
}
