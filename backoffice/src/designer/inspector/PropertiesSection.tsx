// What is set once for the component, whatever comes.
import { Stack, Title } from '@mantine/core';
import type { DynamicSource } from '../manifest';
import type { Problem } from '../problems';
import { useInspector } from './context';
import { Form } from './Form';
import { type FormDefinition, groupsOf } from './form_model';
import { SourceNote } from './sources/SourceNote';
import { useSource } from './sources/use_source';

export function PropertiesSection({ problems, focus }: { problems: Problem[]; focus?: string }) {
  const { manifest } = useInspector();
  const properties = (manifest.properties ?? {}) as FormDefinition & { source?: DynamicSource };
  const source = useSource(properties.source);
  const answered = (source.answer ?? {}) as FormDefinition & NonNullable<FormDefinition['inspector']>;
  const inspector = answered.inspector ?? (answered.inputs === undefined ? properties.inspector : { inputs: answered.inputs, groups: answered.groups });
  const definition: FormDefinition = { schema: answered.schema ?? properties.schema, inspector };
  if (properties.source === undefined && groupsOf(definition).length === 0) {
    return null;
  }
  return (
    <Stack gap="sm" component="section" aria-label="Settings">
      <Title order={3} size="h5">
        Settings
      </Title>
      <SourceNote source={source} what="the settings" />
      {groupsOf(definition).length > 0 && <Form definition={definition} place="properties" problems={problems} focus={focus} />}
    </Stack>
  );
}
