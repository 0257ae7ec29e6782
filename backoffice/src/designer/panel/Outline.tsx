import { Badge, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconCopy, IconTrash } from '@tabler/icons-react';
import { ComponentIcon } from '../canvas/ComponentNode';
import type { Components } from '../document/links';
import { nameOf } from '../document/ports';
import type { Manifest } from '../manifest';
import { plural } from '../plural';
import type { Problem } from '../problems';
import classes from './Panel.module.css';

interface Props {
  components: Components;
  manifests: Map<string, Manifest>;
  problems: Map<string, Problem[]>;
  select: (ids: ReadonlySet<string>) => void;
}

/** Every component of the flow as a list: the way to those that are not on the screen, and for screen readers. */
export function Outline({ components, manifests, problems, select }: Props) {
  const all = Object.entries(components);
  return (
    <Stack gap="xs">
      <Text component="h2" size="md" fw={600}>
        Components of this flow
      </Text>
      {all.length === 0 && <Text size="sm">There is none yet. Drag one from the list of components, or press its Add button.</Text>}
      <ul className={classes.list} aria-label="Components of this flow">
        {all.map(([id, component]) => {
          const manifest = manifests.get(component.type);
          const count = problems.get(id)?.length ?? 0;
          return (
            <li key={id} className={classes.item}>
              <UnstyledButton w="100%" onClick={() => select(new Set([id]))}>
                <Group gap="xs" wrap="nowrap">
                  <ComponentIcon icon={manifest?.icon} size={20} />
                  <Text size="sm" flex={1} truncate>
                    {nameOf(component, manifest)}
                  </Text>
                  {count > 0 && (
                    <Badge size="xs" variant="outline" color="red" tt="none">
                      {plural(count, 'problem')}
                    </Badge>
                  )}
                </Group>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
    </Stack>
  );
}

export function Several({ count, readOnly, duplicate, remove }: { count: number; readOnly: boolean; duplicate: () => void; remove: () => void }) {
  return (
    <Stack gap="xs">
      <Text component="h2" size="md" fw={600}>
        {count} components selected
      </Text>
      {!readOnly && (
        <Group gap={6}>
          <Button size="compact-xs" variant="default" leftSection={<IconCopy size={14} aria-hidden />} onClick={duplicate}>
            Duplicate
          </Button>
          <Button size="compact-xs" variant="default" leftSection={<IconTrash size={14} aria-hidden />} onClick={remove}>
            Remove
          </Button>
        </Group>
      )}
    </Stack>
  );
}
