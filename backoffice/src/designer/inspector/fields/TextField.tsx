// Text of any length. Where variables may be used it is a template.
import { Textarea, TextInput } from '@mantine/core';
import { TemplateField } from '../variables/TemplateField';
import { asText, type FieldProps, frameOf } from './field_props';

export function TextField(props: FieldProps) {
  if (props.variables !== undefined) {
    return <TemplateField {...props} />;
  }
  return <TextInput {...frameOf(props)} value={asText(props.value)} onChange={event => props.change(textOrNothing(event.currentTarget.value))} />;
}

export function TextareaField(props: FieldProps) {
  if (props.variables !== undefined) {
    return <TemplateField {...props} multiline />;
  }
  return (
    <Textarea {...frameOf(props)} autosize minRows={3} maxRows={14} value={asText(props.value)} onChange={event => props.change(textOrNothing(event.currentTarget.value))} />
  );
}

/** Source text: code, HTML, JSON. */
export function CodeField(props: FieldProps) {
  if (props.variables !== undefined) {
    return <TemplateField {...props} multiline code />;
  }
  return (
    <Textarea
      {...frameOf(props)}
      ff="monospace"
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      spellCheck={false}
      autosize
      minRows={4}
      maxRows={18}
      value={asText(props.value)}
      onChange={event => props.change(textOrNothing(event.currentTarget.value))}
    />
  );
}

/** Pickers of providers need a sign-in that this page cannot offer. */
export function ExternalPickerField(props: FieldProps) {
  return <TextField {...props} hint={joined(props.hint, 'Write the id of the file or folder, as its address at the provider shows it.')} />;
}

export function UnknownField(props: FieldProps) {
  return <TextField {...props} hint={joined(props.hint, `This kind of field (“${String(props.input.type)}”) is not known here: what you write is kept as text.`)} />;
}

export function textOrNothing(text: string): string | undefined {
  return text === '' ? undefined : text;
}

export function joined(hint: string | undefined, more: string): string {
  return hint === undefined || hint === '' ? more : `${hint} ${more}`;
}
