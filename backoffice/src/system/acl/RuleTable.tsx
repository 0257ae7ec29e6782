// The rules in their order. Moving keeps the focus on the rule that moves; removing hands it to the next one.
import { ActionIcon, Badge, Group, Table, Text } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPencil, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { announce } from '../../parts/announce';
import { SpokenHead, TableHead } from '../../parts/TableHead';
import { type DraftRule, moved, spoken } from './rules';

interface Props {
  rules: DraftRule[];
  change: (rules: DraftRule[]) => void;
  edit: (rule: DraftRule) => void;
  /** Place of the rule that the server refused, and why. */
  refused: { place: number; message: string } | null;
}

export function RuleTable({ rules, change, edit, refused }: Props) {
  const table = useRef<HTMLTableSectionElement>(null);
  const wanted = useRef<{ key: number; button: string } | null>(null);
  useEffect(() => {
    const focus = wanted.current;
    wanted.current = null;
    const row = focus && table.current?.querySelector(`[data-rule="${focus.key}"]`);
    const enabled = 'button:not([disabled])';
    (row?.querySelector<HTMLElement>(`${enabled}[data-does="${focus!.button}"]`) ?? row?.querySelector<HTMLElement>(enabled))?.focus();
  }, [rules]);
  const move = (from: number, to: number) => {
    wanted.current = { key: rules[from]!.key, button: to < from ? 'up' : 'down' };
    change(moved(rules, from, to));
    announce(`Moved to place ${to + 1} of ${rules.length}.`);
  };
  const remove = (at: number) => {
    const next = rules[at + 1] ?? rules[at - 1];
    wanted.current = next === undefined ? null : { key: next.key, button: 'remove' };
    change(rules.filter((_, place) => place !== at));
    announce(`Removed ${spoken(rules[at]!.rule)}. Not saved yet.`);
  };
  return (
    <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Access rules' } }}>
      <Table verticalSpacing="xs" striped>
        <TableHead columns={[<Table.Th scope="col" w={40}>#</Table.Th>, 'Role', 'Resource', 'Action', 'Attributes', <SpokenHead w={170}>Change</SpokenHead>]} />
        <Table.Tbody ref={table}>
          {rules.map(({ key, rule }, at) => (
            <Table.Tr key={key} data-rule={key}>
              <Table.Td>{at + 1}</Table.Td>
              <Table.Td>
                <Text size="sm" fw={600}>
                  {rule.role}
                </Text>
                {refused?.place === at && (
                  <Text size="sm" c="var(--mantine-color-error)" role="alert">
                    {refused.message}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ff="monospace">{rule.resource}</Table.Td>
              <Table.Td>
                <Words words={rule.action} />
              </Table.Td>
              <Table.Td>
                <Words words={rule.attributes} />
              </Table.Td>
              <Table.Td>
                <Group gap={4} wrap="nowrap" justify="flex-end">
                  <ActionIcon variant="subtle" color="gray" data-does="up" disabled={at === 0} aria-label={`Move up: ${spoken(rule)}`} onClick={() => move(at, at - 1)}>
                    <IconArrowUp size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    data-does="down"
                    disabled={at === rules.length - 1}
                    aria-label={`Move down: ${spoken(rule)}`}
                    onClick={() => move(at, at + 1)}
                  >
                    <IconArrowDown size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon variant="subtle" color="gray" data-does="edit" aria-label={`Edit: ${spoken(rule)}`} onClick={() => edit(rules[at]!)}>
                    <IconPencil size={16} aria-hidden />
                  </ActionIcon>
                  <ActionIcon variant="subtle" color="red" data-does="remove" aria-label={`Remove: ${spoken(rule)}`} onClick={() => remove(at)}>
                    <IconTrash size={16} aria-hidden />
                  </ActionIcon>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Words({ words }: { words: string[] }) {
  return (
    <Group gap={4}>
      {words.map(word => (
        <Badge key={word} variant="default" radius="sm" tt="none" fw={500}>
          {word}
        </Badge>
      ))}
    </Group>
  );
}
