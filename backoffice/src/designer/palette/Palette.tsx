// Components that can be put into the flow: dragged onto the canvas, or with their Add button.
import { ActionIcon, Badge, Group, Stack, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconPlus, IconSearch } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { announce } from '../../parts/announce';
import { Loaded } from '../../parts/States';
import { DRAGGED_TYPE } from '../canvas/Canvas';
import { ComponentIcon } from '../canvas/ComponentNode';
import { isTrigger } from '../document/ports';
import type { Manifest } from '../manifest';
import type { Components } from './api';
import { grouped, type PaletteGroup } from './grouped';
import classes from './Palette.module.css';

interface Props {
  query: UseQueryResult<Components>;
  readOnly: boolean;
  add: (manifest: Manifest) => void;
}

export function Palette({ query, readOnly, add }: Props) {
  return (
    <section aria-label="Components" className={classes.palette}>
      <Loaded query={query} what="the components">
        {components => <Groups components={components} readOnly={readOnly} add={add} />}
      </Loaded>
    </section>
  );
}

/** With few components all are shown; with many, those of the connectors that were opened. */
const FEW = 40;

function Groups({ components, readOnly, add }: { components: Components } & Omit<Props, 'query'>) {
  const [search, setSearch] = useState('');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const { groups, count, more } = useMemo(() => grouped(components, search), [components, search]);
  const openAtFirst = search !== '' || count <= FEW;
  useEffect(() => {
    if (search !== '') {
      announce(count === 1 ? '1 component' : `${count} components`);
    }
  }, [search, count]);
  const toggle = (name: string) => setToggled(before => (before.has(name) ? new Set([...before].filter(one => one !== name)) : new Set([...before, name])));
  return (
    <Stack gap="xs">
      <TextInput
        size="xs"
        label="Search components"
        value={search}
        onChange={event => setSearch(event.currentTarget.value)}
        leftSection={<IconSearch size={14} aria-hidden />}
      />
      {groups.map(group => (
        <PaletteGroupView
          key={group.app.name}
          group={group}
          opened={openAtFirst !== toggled.has(group.app.name)}
          toggle={() => toggle(group.app.name)}
          readOnly={readOnly}
          add={add}
        />
      ))}
      {more > 0 && <Text size="sm">{more} more. Search more closely to see them.</Text>}
      {count === 0 && <Text size="sm">{search === '' ? 'There is no component that you may use. An administrator can install connectors and give access to them.' : `No component matches “${search}”.`}</Text>}
    </Stack>
  );
}

interface GroupProps extends Omit<Props, 'query'> {
  group: PaletteGroup;
  opened: boolean;
  toggle: () => void;
}

function PaletteGroupView({ group: { app, manifests }, opened, toggle, ...props }: GroupProps) {
  return (
    <div>
      <UnstyledButton onClick={toggle} aria-expanded={opened} className={classes.group}>
        {opened ? <IconChevronDown size={14} aria-hidden /> : <IconChevronRight size={14} aria-hidden />}
        <ComponentIcon icon={app.icon} size={18} />
        <Text size="sm" fw={600} truncate title={app.name} flex={1}>
          {app.label}
        </Text>
        <Text size="xs" c="dimmed">
          {manifests.length}
        </Text>
      </UnstyledButton>
      {opened && (
        <ul className={classes.list} aria-label={app.label}>
          {manifests.map(manifest => (
            <Entry key={manifest.name} manifest={manifest} {...props} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Entry({ manifest, readOnly, add }: { manifest: Manifest } & Omit<Props, 'query'>) {
  const label = manifest.label ?? manifest.name;
  return (
    <li
      className={classes.entry}
      draggable={!readOnly}
      onDragStart={event => {
        event.dataTransfer.setData(DRAGGED_TYPE, manifest.name);
        event.dataTransfer.effectAllowed = 'copy';
      }}
    >
      <Group gap={8} wrap="nowrap">
        <ComponentIcon icon={manifest.icon} size={20} />
        <Tooltip label={plain(manifest.description) || manifest.name} multiline w={240} position="right" openDelay={600}>
          <Text size="xs" flex={1} lineClamp={2}>
            {label}
          </Text>
        </Tooltip>
        <Badge size="xs" variant="outline" color={isTrigger(manifest) ? 'blue' : 'gray'} className={classes.kind}>
          {isTrigger(manifest) ? 'Trigger' : 'Action'}
        </Badge>
        {!readOnly && (
          <ActionIcon size="sm" variant="default" aria-label={`Add ${label}`} onClick={() => add(manifest)}>
            <IconPlus size={14} aria-hidden />
          </ActionIcon>
        )}
      </Group>
    </li>
  );
}

// Descriptions may hold HTML (connector-format 8); here they are text.
function plain(description = ''): string {
  return new DOMParser().parseFromString(description, 'text/html').body.textContent ?? '';
}
