// What an in port takes: a form for each component that is connected to it, for each link has values of its own.
import { Alert, Button, Stack, Tabs, Text, Title } from '@mantine/core';
import type { InPort } from '../manifest';
import type { Problem } from '../problems';
import { useInspector } from './context';
import { dropTransform, fieldPath, type Link, linksInto, transformAt, valuesAt } from './edits';
import { Form } from './Form';
import { type FormDefinition, requiredOf, wordsOf } from './form_model';
import { SourceNote } from './sources/SourceNote';
import { useSource } from './sources/use_source';

interface Props {
  port: InPort;
  /** Its name says something: there are several. */
  named: boolean;
  problems: Problem[];
  focus?: string;
}

export function PortSection({ port, named, problems, focus }: Props) {
  const { descriptor, document } = useInspector();
  const links = linksInto(descriptor, port.name);
  const source = useSource(port.source);
  const definition: FormDefinition = source.state === 'ready' ? formOf(source.answer, port) : port;
  const title = named ? `Input: ${wordsOf(port.name)}` : 'Input';
  return (
    <Stack gap="sm" component="section" aria-label={title}>
      <Title order={3} size="h5">
        {title}
      </Title>
      <SourceNote source={source} what="the fields" />
      {links.length === 0 && (
        <Text size="sm">Nothing is connected to this port. Connect a component to it, then its fields can be filled with what that component sends.</Text>
      )}
      {links.length === 1 && <LinkForm {...{ definition, problems, focus }} link={links[0]!} />}
      {links.length > 1 && (
        <Tabs key={focus} defaultValue={keyOf(wantedLink())} keepMounted={false}>
          <Tabs.List aria-label={`${title}, from`}>
            {links.map(link => (
              <Tabs.Tab key={keyOf(link)} value={keyOf(link)}>
                {nameOf(link)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          {links.map(link => (
            <Tabs.Panel key={keyOf(link)} value={keyOf(link)} pt="sm">
              <LinkForm {...{ definition, problems, focus, link }} />
            </Tabs.Panel>
          ))}
        </Tabs>
      )}
    </Stack>
  );

  /** Where the field to be focused is still empty, else the first. */
  function wantedLink(): Link {
    const empty = (link: Link) => {
      const values = valuesAt(descriptor, link) ?? {};
      return [...requiredOf(definition.schema)].some(name => fieldPath(link, name) === focus && (values[name] === undefined || values[name] === ''));
    };
    return links.find(empty) ?? links[0]!;
  }

  function nameOf({ componentId, outPort }: Link): string {
    const sender = document.flow[componentId];
    const name = sender?.label || wordsOf(sender?.type.split('.').at(-1) ?? componentId);
    const several = links.some(other => other.componentId === componentId && other.outPort !== outPort);
    return several ? `${name} (${outPort})` : name;
  }
}

function LinkForm({ definition, link, problems, focus }: { definition: FormDefinition; link: Link; problems: Problem[]; focus?: string }) {
  const { descriptor, edit, readOnly } = useInspector();
  const transform = transformAt(descriptor, link);
  const fields = definition.inspector?.inputs ?? definition.schema?.properties;
  if (Object.keys(fields ?? {}).length === 0) {
    return <Text size="sm">It takes what comes as it is: there is nothing to fill in.</Text>;
  }
  return (
    <Stack gap="sm">
      {transform === undefined && (
        <Alert color="blue" p="xs">
          <Text size="sm">What comes is passed on as it is. As soon as you fill in a field, only what you fill in is.</Text>
        </Alert>
      )}
      <Form definition={definition} place={link} problems={problems} focus={focus} />
      {transform !== undefined && !readOnly && Object.keys(transform.lambda ?? {}).length === 0 && (
        <Button variant="subtle" size="compact-sm" onClick={() => edit(dropTransform(link))}>
          Pass on what comes as it is
        </Button>
      )}
    </Stack>
  );
}

function keyOf({ componentId, outPort }: Link): string {
  return `${componentId}/${outPort}`;
}

/** The answer for a whole port: an inspector, or a port with one. */
function formOf(answer: unknown, port: InPort): FormDefinition {
  const { inputs, groups, inspector, schema } = (answer ?? {}) as FormDefinition & NonNullable<FormDefinition['inspector']>;
  return { schema: schema ?? port.schema, inspector: inspector ?? (inputs === undefined ? port.inspector : { inputs, groups }) };
}
