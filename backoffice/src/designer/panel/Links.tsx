import { ActionIcon, Button, Group, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconPlugConnected, IconX } from '@tabler/icons-react';
import { type Components, type Link, linkId, linksInto, linksOf } from '../document/links';
import { nameOf } from '../document/ports';
import type { Manifest } from '../manifest';
import classes from './Panel.module.css';

export interface LinkActions {
  openConnect: () => void;
  disconnect: (link: Link) => void;
  select: (ids: ReadonlySet<string>) => void;
}

interface Props extends LinkActions {
  components: Components;
  componentId: string;
  manifests: Map<string, Manifest>;
  readOnly: boolean;
}

/** What a component receives from and sends to; the way for the keyboard to what the drawing shows as lines. */
export function Links(props: Props) {
  const { components, componentId, readOnly, openConnect } = props;
  const into = linksInto(componentId, components[componentId]!);
  const outOf = linksOf(components).filter(({ source }) => source === componentId);
  return (
    <Stack gap="sm">
      <LinkList {...props} title="Receives from" links={into} other={link => link.source} />
      <LinkList {...props} title="Sends to" links={outOf} other={link => link.target} />
      {!readOnly && (
        <Button size="xs" variant="default" leftSection={<IconPlugConnected size={14} aria-hidden />} onClick={openConnect}>
          Connect to…
        </Button>
      )}
    </Stack>
  );
}

interface ListProps extends Props {
  title: string;
  links: Link[];
  other: (link: Link) => string;
}

function LinkList({ title, links, other, components, manifests, readOnly, disconnect, select }: ListProps) {
  const name = (id: string) => (components[id] === undefined ? 'a component that is gone' : nameOf(components[id], manifests.get(components[id].type)));
  return (
    <div>
      <Title order={3} size="xs">
        {title}
      </Title>
      {links.length === 0 && <Text size="sm">Nothing</Text>}
      <ul className={classes.list} aria-label={title}>
        {links.map(link => (
          <li key={linkId(link)} className={classes.item}>
            <Group gap="xs" wrap="nowrap" justify="space-between">
              <UnstyledButton onClick={() => select(new Set([other(link)]))}>
                <Text size="sm">{name(other(link))}</Text>
                <Text size="xs" c="dimmed">
                  {link.outPort} → {link.inPort}
                </Text>
              </UnstyledButton>
              {!readOnly && (
                <ActionIcon size="sm" variant="default" aria-label={`Remove the link with ${name(other(link))}`} onClick={() => disconnect(link)}>
                  <IconX size={14} aria-hidden />
                </ActionIcon>
              )}
            </Group>
          </li>
        ))}
      </ul>
    </div>
  );
}
