// Which field shows which type of input. Those that occur in public connectors and those that Appmixer documents; names that mean
// the same stand beside each other.
import type { ComponentType } from 'react';
import { ColorField } from './ColorField';
import { DateTimeField, TimeField } from './DateTimeField';
import { ExpressionField, ListField } from './ExpressionField';
import type { FieldProps } from './field_props';
import { FileField } from './FileField';
import { KeyValueField } from './KeyValueField';
import { ButtonGroupField, MultiSelectField } from './MultiSelectField';
import { NumberField } from './NumberField';
import { SelectField } from './SelectField';
import { CodeField, ExternalPickerField, TextareaField, TextField, UnknownField } from './TextField';
import { ToggleField } from './ToggleField';

export interface FieldType {
  Field: ComponentType<FieldProps>;
  /**
   * How a variable gets into it: 'inside' its text, 'nested' in its own fields, or 'instead' of the control, which then gives
   * way to a text.
   */
  variables: 'inside' | 'nested' | 'instead';
}

const text: FieldType = { Field: TextField, variables: 'inside' };
const textarea: FieldType = { Field: TextareaField, variables: 'inside' };
const code: FieldType = { Field: CodeField, variables: 'inside' };
const picker: FieldType = { Field: ExternalPickerField, variables: 'inside' };
const instead = (Field: ComponentType<FieldProps>): FieldType => ({ Field, variables: 'instead' });
const nested = (Field: ComponentType<FieldProps>): FieldType => ({ Field, variables: 'nested' });
const select = instead(SelectField);
const dateTime = instead(DateTimeField);

const TYPES: Record<string, FieldType> = {
  text,
  textarea,
  textare: textarea,
  number: instead(NumberField),
  toggle: instead(ToggleField),
  select,
  'select-box': select,
  multiselect: instead(MultiSelectField),
  'select-button-group': instead(ButtonGroupField),
  'date-time': dateTime,
  date: dateTime,
  time: instead(TimeField),
  color: instead(ColorField),
  'color-palette': instead(ColorField),
  filepicker: instead(FileField),
  expression: nested(ExpressionField),
  list: nested(ListField),
  'key-value': nested(KeyValueField),
  code,
  json: code,
  html: code,
  css: code,
  javascript: code,
  'code-editor': code,
  'html-editor': code,
  googlepicker: picker,
  onedrivepicker: picker,
  sharepointpicker: picker,
};

const UNKNOWN: FieldType = { Field: UnknownField, variables: 'inside' };

export function fieldTypeOf(type: string | undefined): FieldType {
  return type === undefined ? text : Object.hasOwn(TYPES, type) ? TYPES[type]! : UNKNOWN;
}
