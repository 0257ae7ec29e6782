// A colour: one of a palette, by name, or any where there is none.
import { ColorInput, ColorSwatch, Group, Select, Text } from '@mantine/core';
import { keyOf } from '../sources/options';
import { asText, type FieldProps, frameOf } from './field_props';
import { dataOf, isEmpty, withStored } from './SelectField';

export function ColorField(props: FieldProps) {
  const { options, value, change } = props;
  if (options.length === 0) {
    return <ColorInput {...frameOf(props)} value={asText(value)} onChange={color => change(color === '' ? undefined : color)} />;
  }
  const listed = withStored(options, value);
  return (
    <Select
      {...frameOf(props)}
      placeholder="Choose …"
      data={dataOf(listed)}
      value={isEmpty(value) ? null : String(keyOf(listed, value))}
      leftSection={isEmpty(value) ? undefined : <Swatch color={value} />}
      clearable={!props.required && !props.readOnly}
      allowDeselect={!props.required && !props.readOnly}
      renderOption={({ option }) => (
        <Group gap="xs">
          <Swatch color={listed[Number(option.value)]?.value} />
          <Text size="sm">{option.label}</Text>
        </Group>
      )}
      onChange={key => change(key === null ? undefined : listed[Number(key)]?.value)}
    />
  );
}

function Swatch({ color }: { color: unknown }) {
  const css = String(color);
  return CSS.supports('color', css) ? <ColorSwatch color={css} size={16} aria-hidden /> : <span />;
}
