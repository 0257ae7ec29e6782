import { PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { isSecret, type ValueKind } from './values';

interface Props {
  label: string;
  name: string;
  kind: ValueKind;
  text: string;
  error: string | null;
  /** Said under the label. */
  hint?: string;
  change: (text: string) => void;
}

/** The field that suits a value's kind. */
export function ValueField({ label, name, kind, text, error, hint, change }: Props) {
  const shared = { label, description: hint, error };
  if (kind === 'flag') {
    return (
      <Select
        {...shared}
        data={[
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ]}
        value={text === 'true' || text === 'false' ? text : null}
        onChange={value => change(value ?? '')}
      />
    );
  }
  const typed = { value: text, onChange: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value) };
  if (kind === 'json') {
    return <Textarea {...shared} {...typed} autosize minRows={3} maxRows={14} styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }} />;
  }
  if (kind === 'text' && isSecret(name)) {
    return <PasswordInput {...shared} {...typed} autoComplete="off" visibilityToggleButtonProps={{ 'aria-label': `Show ${label}` }} />;
  }
  return <TextInput {...shared} {...typed} inputMode={kind === 'number' ? 'decimal' : undefined} autoComplete="off" />;
}
