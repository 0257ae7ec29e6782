// What is selected, at the right: its name, fields, links and log. With nothing selected: all components, as a list.
import { Alert, Button, Group, Stack, Tabs, Text, TextInput } from '@mantine/core';
import { IconCopy, IconPlugConnected, IconTrash } from '@tabler/icons-react';
import { type ReactNode } from 'react';
import { ComponentIcon } from '../canvas/ComponentNode';
import { nameOf } from '../document/ports';
import type { Attention, ComponentDescriptor, FlowDocument } from '../flow_document';
import { Inspector } from '../inspector/Inspector';
import type { Manifest } from '../manifest';
import type { Problem } from '../problems';
import { Links, type LinkActions } from './Links';
import { Logs } from './Logs';
import classes from './Panel.module.css';

interface Props extends LinkActions {
  document: FlowDocument;
  componentId: string;
  manifests: Map<string, Manifest>;
  problems: Problem[];
  attention: Attention[];
  focus?: string;
  tab: string;
  setTab: (tab: string) => void;
  readOnly: boolean;
  change: (component: ComponentDescriptor) => void;
  rename: (label: string) => void;
  duplicate: () => void;
  remove: () => void;
}

export function Panel(props: Props) {
  const { document, componentId, manifests, readOnly, tab, setTab } = props;
  const component = document.flow[componentId]!;
  const manifest = manifests.get(component.type);
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap">
        <ComponentIcon icon={manifest?.icon} size={28} />
        <div className={classes.title}>
          <Text component="h2" size="md" fw={600} truncate>
            {nameOf(component, manifest)}
          </Text>
          <Text size="xs" c="dimmed" className={classes.type}>
            {component.type} {component.version !== undefined && <span dir="ltr">{component.version}</span>}
          </Text>
        </div>
      </Group>
      <TextInput
        size="xs"
        label="Name in this flow"
        placeholder={manifest?.label}
        value={component.label ?? ''}
        readOnly={readOnly}
        onChange={event => props.rename(event.currentTarget.value)}
      />
      {!readOnly && <Actions {...props} />}
      <Tabs value={tab} onChange={value => setTab(value ?? 'fields')} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="fields">Fields</Tabs.Tab>
          <Tabs.Tab value="links">Links</Tabs.Tab>
          <Tabs.Tab value="log">Logs</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="fields" pt="xs">
          <Fields {...props} manifest={manifest} />
        </Tabs.Panel>
        <Tabs.Panel value="links" pt="xs">
          <Links {...props} components={document.flow} />
        </Tabs.Panel>
        <Tabs.Panel value="log" pt="xs">
          <Logs flowId={document.flowId} componentId={componentId} live={document.stage === 'running'} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Actions({ openConnect, duplicate, remove }: Props) {
  const button = (label: string, icon: ReactNode, act: () => void) => (
    <Button size="compact-xs" variant="default" leftSection={icon} onClick={act}>
      {label}
    </Button>
  );
  return (
    <Group gap={6}>
      {button('Connect to…', <IconPlugConnected size={14} aria-hidden />, openConnect)}
      {button('Duplicate', <IconCopy size={14} aria-hidden />, duplicate)}
      {button('Remove', <IconTrash size={14} aria-hidden />, remove)}
    </Group>
  );
}

function Fields({ document, componentId, manifest, problems, attention, focus, readOnly, change }: Props & { manifest: Manifest | undefined }) {
  // The Inspector shows them at their fields, where there are fields.
  const unshown = manifest === undefined ? problems : [];
  return (
    <Stack gap="xs">
      {attention.map(({ code, field, message }) => (
        <Alert key={`${code} ${field}`} color="orange" title="Needs attention" p="xs">
          {message}
        </Alert>
      ))}
      {unshown.map(({ message }) => (
        <Alert key={message} color="red" title="Problem" p="xs">
          {message}
        </Alert>
      ))}
      {manifest !== undefined ? (
        <Inspector
          key={componentId}
          document={document}
          componentId={componentId}
          manifest={manifest}
          problems={problems}
          focus={focus}
          readOnly={readOnly}
          change={change}
        />
      ) : (
        <Text size="sm">
          What this component takes cannot be shown: it is not installed, or you may not use it. What was filled in before is kept.
        </Text>
      )}
    </Stack>
  );
}
