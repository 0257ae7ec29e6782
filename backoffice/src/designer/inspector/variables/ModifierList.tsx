// Modifiers of a variable, applied from top to bottom.
import { ActionIcon, Group, Paper, Select, Stack, Text, Title } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import classes from '../inspector.module.css';
import { type Modifiers, useModifiers } from '../api';
import type { Link } from '../edits';
import { Failed } from '../../../parts/States';
import { ModifierArguments } from './ModifierArguments';
import type { ModifierCall } from './template';

interface Props {
  functions: ModifierCall[];
  link: Link;
  readOnly: boolean;
  change: (functions: ModifierCall[]) => void;
}

export function ModifierList({ functions, link, readOnly, change }: Props) {
  const query = useModifiers();
  const known = query.data?.modifiers ?? {};
  const moved = (from: number, to: number) => {
    const next = [...functions];
    next.splice(to, 0, ...next.splice(from, 1));
    change(next);
  };
  return (
    <Stack gap="xs">
      <Title order={3} size="h6">
        Modifiers
      </Title>
      {query.isError && <Failed what="The modifiers could not be loaded." error={query.error} retry={() => void query.refetch()} />}
      {functions.length === 0 && <Text size="sm">None: the value is used as it comes.</Text>}
      <ol className={classes.rows} aria-label="Modifiers, applied in this order">
        {functions.map((one, at) => {
          const label = known[one.name]?.label ?? one.name;
          return (
            <Paper component="li" key={at} withBorder p="xs" mb="xs">
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm" fw={600}>
                  {at + 1}. {label}
                </Text>
                {!readOnly && (
                  <Group gap={2} wrap="nowrap">
                    <ActionIcon variant="subtle" color="gray" aria-label={`Move ${label} up`} disabled={at === 0} onClick={() => moved(at, at - 1)}>
                      <IconArrowUp size={16} aria-hidden />
                    </ActionIcon>
                    <ActionIcon variant="subtle" color="gray" aria-label={`Move ${label} down`} disabled={at === functions.length - 1} onClick={() => moved(at, at + 1)}>
                      <IconArrowDown size={16} aria-hidden />
                    </ActionIcon>
                    <ActionIcon variant="subtle" color="red" aria-label={`Remove ${label}`} onClick={() => change(functions.filter((_, other) => other !== at))}>
                      <IconTrash size={16} aria-hidden />
                    </ActionIcon>
                  </Group>
                )}
              </Group>
              <Text size="xs" c="dimmed">
                {known[one.name]?.description ?? 'The server does not know this modifier: it passes the value on unchanged.'}
              </Text>
              <ModifierArguments
                called={one}
                definition={known[one.name]}
                link={link}
                readOnly={readOnly}
                change={next => change(functions.map((old, other) => (other === at ? next : old)))}
              />
            </Paper>
          );
        })}
      </ol>
      {!readOnly && (
        <Select
          label="Add a modifier"
          placeholder="Search by name"
          searchable
          data={choicesOf(query.data)}
          value={null}
          nothingFoundMessage="No modifier is called so."
          onChange={name => name !== null && change([...functions, { name }])}
        />
      )}
    </Stack>
  );
}

/** By category, in the order of the server's document. A modifier in several stands in its first. */
function choicesOf(document: Modifiers | undefined) {
  const categories = Object.entries(document?.categories ?? {}).sort(([, a], [, b]) => (a.index ?? 0) - (b.index ?? 0));
  const offered = Object.entries(document?.modifiers ?? {}).filter(([, modifier]) => modifier.private !== true && modifier.type !== 'flow');
  return categories
    .map(([key, { label }]) => ({
      group: label ?? key,
      items: offered.filter(([, modifier]) => modifier.category?.[0] === key).map(([name, modifier]) => ({ value: name, label: modifier.label ?? name })),
    }))
    .filter(({ items }) => items.length > 0);
}
