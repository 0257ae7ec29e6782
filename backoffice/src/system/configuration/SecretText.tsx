import { ActionIcon, Group, Text } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';

/** A value that is hidden until one asks for it. */
export function SecretText({ name, value }: { name: string; value: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Group gap={4} wrap="nowrap">
      <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
        {open ? value : '••••••••'}
      </Text>
      <ActionIcon variant="subtle" color="gray" aria-pressed={open} aria-label={`Show the value of ${name}`} onClick={() => setOpen(!open)}>
        {open ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
      </ActionIcon>
    </Group>
  );
}
