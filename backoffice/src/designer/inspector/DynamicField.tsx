// A field of which the manifest tells nothing but whom to ask what it is: an input, or several.
import { Stack, Text } from '@mantine/core';
import type { InspectorDefinition, InspectorInput } from '../manifest';
import { Field, type PlacedField } from './Field';
import { labelOf } from './form_model';
import { SourceNote } from './sources/SourceNote';
import { useSource } from './sources/use_source';

export function DynamicField(props: PlacedField) {
  const source = useSource(props.input.source);
  const name = props.path.split('/').at(-1) ?? '';
  const answer = (source.answer ?? {}) as InspectorDefinition & Partial<InspectorInput>;
  const found = answer.inputs?.[name] ?? (answer.inputs === undefined ? answer : Object.values(answer.inputs)[0]);
  const input = { type: 'text', ...found } as InspectorInput;
  return (
    <Stack gap={4}>
      {source.state === 'ready' || source.state === 'none' ? (
        <Field {...props} input={{ ...input, source: found?.type === undefined ? undefined : input.source }} label={labelOf(name, input)} />
      ) : (
        <Text size="sm" fw={500}>
          {props.label}
        </Text>
      )}
      <SourceNote source={source} what={props.label} />
    </Stack>
  );
}
