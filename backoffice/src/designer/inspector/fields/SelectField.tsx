// One of a list. Values keep their JSON type; a stored value that is not in the list (any more) stays, and says so. Choosing what is
// chosen takes it out: the clear button is for the mouse alone.
import { Select } from '@mantine/core';
import { keyOf, type Option } from '../sources/options';
import { asText, type FieldProps, frameOf } from './field_props';

const SEARCHABLE_FROM = 8;

export function SelectField(props: FieldProps) {
  const { options, value, required, readOnly, change } = props;
  const listed = withStored(options, value, props.optionsKnown);
  const at = isEmpty(value) ? -1 : keyOf(listed, value);
  return (
    <Select
      {...frameOf(props)}
      placeholder={readOnly ? undefined : (frameOf(props).placeholder ?? 'Choose …')}
      data={dataOf(listed)}
      value={at < 0 ? null : String(at)}
      searchable={listed.length >= SEARCHABLE_FROM}
      clearable={!required && !readOnly}
      allowDeselect={!required && !readOnly}
      nothingFoundMessage="Nothing is called so."
      comboboxProps={{ withinPortal: true }}
      onChange={key => change(key === null ? undefined : listed[Number(key)]?.value)}
    />
  );
}

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

export function withStored(options: Option[], value: unknown, known = true): Option[] {
  return isEmpty(value) || keyOf(options, value) >= 0 ? options : [...options, { value, label: known ? `${asText(value)} (not in the list)` : asText(value) }];
}

/** Labels that several options have are told apart by their values. */
export function dataOf(options: Option[]) {
  const count = new Map<string, number>();
  options.forEach(({ label }) => count.set(label, (count.get(label) ?? 0) + 1));
  return options.map(({ label, value }, at) => ({ value: String(at), label: count.get(label) === 1 ? label : `${label} (${asText(value)})` }));
}
