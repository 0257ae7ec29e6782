// How far something is that the server does by itself, of many steps: a bar, and the same in words.
import { Progress, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { announce } from './announce';

interface Props {
  /** "Stopping flows" */
  label: string;
  done: number;
  total: number;
  /** "12 of 40 flows stopped" */
  text: string;
}

export function TaskProgress({ label, done, total, text }: Props) {
  const percent = total === 0 ? 100 : Math.round((done / total) * 100);
  useEffect(() => announce(text), [text]);
  return (
    <Stack gap={4}>
      <Text size="sm">{text}</Text>
      <Progress.Root
        size="lg"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={text}
      >
        <Progress.Section value={percent} withAria={false} />
      </Progress.Root>
    </Stack>
  );
}
