// How many rows are chosen, the way from "all on this page" to "all that match", and the buttons of what can be done with them.
import { Button, Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Selection } from './selection';

interface Props {
  selection: Selection;
  /** "flow", "flows" */
  one: string;
  many: string;
  /** Said while nothing is chosen. */
  hint: string;
  children: ReactNode;
}

export function SelectionBar({ selection: { count, total, page, all, chooseAll, clear }, one, many, hint, children }: Props) {
  const rows = `${count} ${count === 1 ? one : many}`;
  return (
    <Group gap="sm" mih={36}>
      <Text size="sm" c={count === 0 ? 'dimmed' : undefined}>
        {count === 0 ? hint : all ? `All ${rows} that match are selected` : `${rows} selected`}
      </Text>
      {page === 'all' && !all && total > count && (
        <Button size="compact-sm" variant="subtle" onClick={chooseAll}>
          Select all {total} that match
        </Button>
      )}
      {count > 0 && (
        <>
          {children}
          <Button size="xs" variant="subtle" onClick={clear}>
            Clear selection
          </Button>
        </>
      )}
    </Group>
  );
}
