// Names and values that the person gives; stored as an object.
import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import classes from '../inspector.module.css';
import { asText, type FieldProps, frameOf } from './field_props';
import { TextField } from './TextField';

type Pair = [key: string, value: unknown];

export function KeyValueField(props: FieldProps) {
  const { input, label, path, variables, change } = props;
  const { description, error, withAsterisk, readOnly } = frameOf(props);
  const id = useId();
  const stored = pairsOf(props.value);
  // A pair without a name, or with one that is there already, cannot be stored: it is kept here until it can.
  const [typed, setTyped] = useState<Pair[]>(stored);
  const pairs = same(objectOf(typed), objectOf(stored)) ? typed : stored;
  const set = (next: Pair[], defined?: Parameters<FieldProps['change']>[1]) => {
    setTyped(next);
    const object = objectOf(next);
    change(Object.keys(object).length === 0 ? undefined : object, defined);
  };
  const text = (name: string, otherwise: string) => (typeof input[name] === 'string' ? (input[name] as string) : otherwise);
  const duplicates = new Set(pairs.map(([key]) => key).filter((key, at, all) => key !== '' && all.indexOf(key) !== at));
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id }} description={description} error={error} withAsterisk={withAsterisk}>
      <Stack gap="xs" role="group" aria-labelledby={id} mt={4}>
        {pairs.map(([key, value], at) => (
          <Stack key={at} gap="xs" className={classes.row}>
            <Group wrap="nowrap" align="flex-end" gap="xs">
              <TextInput
                label={`${text('keyLabel', 'Key')} ${at + 1}`}
                flex={1}
                readOnly={readOnly}
                value={key}
                error={duplicates.has(key) ? 'This key is there twice.' : undefined}
                onChange={event => set(pairs.map((pair, other) => (other === at ? [event.currentTarget.value, pair[1]] : pair)))}
              />
              {!readOnly && (
                <ActionIcon variant="subtle" color="red" size="lg" aria-label={`${text('removeLabel', 'Remove')} ${at + 1}`} onClick={() => set(pairs.filter((_, other) => other !== at))}>
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              )}
            </Group>
            <TextField
              {...props}
              path={`${path}/${key}`}
              input={{ type: 'text' }}
              label={`${text('valueLabel', 'Value')} ${at + 1}`}
              hint=""
              error={undefined}
              required={false}
              value={asText(value)}
              variables={variables}
              change={(next, defined) => set(pairs.map((pair, other) => (other === at ? [pair[0], next ?? ''] : pair)), defined)}
            />
          </Stack>
        ))}
        {!readOnly && (
          <Button variant="light" size="compact-sm" style={{ alignSelf: 'flex-start' }} leftSection={<IconPlus size={14} aria-hidden />} onClick={() => setTyped([...pairs, ['', '']])}>
            {text('addLabel', 'Add')}
          </Button>
        )}
      </Stack>
    </Input.Wrapper>
  );
}

function pairsOf(value: unknown): Pair[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

function objectOf(pairs: Pair[]): Record<string, unknown> {
  return Object.fromEntries(pairs.filter(([key]) => key !== ''));
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
