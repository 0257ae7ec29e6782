// Which part of a long list is shown, and the way to the others.
import { Button, Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';

interface Props {
  /** From 1. */
  page: number;
  size: number;
  total: number;
  /** "flows" */
  what: string;
  show: (page: number) => void;
}

export function Pager({ page, size, total, what, show }: Props) {
  const first = (page - 1) * size + 1;
  const last = Math.min(page * size, total);
  return (
    <Group component="nav" justify="space-between" aria-label={`Pages of ${what}`}>
      <Text size="sm" c="dimmed">
        {total === 0 ? `No ${what}` : `${first}–${last} of ${total} ${what}`}
      </Text>
      {total > size && (
        <Group gap="xs">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconChevronLeft size={14} aria-hidden />}
            disabled={page <= 1}
            onClick={() => show(page - 1)}
          >
            Previous
          </Button>
          <Button
            size="xs"
            variant="default"
            rightSection={<IconChevronRight size={14} aria-hidden />}
            disabled={last >= total}
            onClick={() => show(page + 1)}
          >
            Next
          </Button>
        </Group>
      )}
    </Group>
  );
}
