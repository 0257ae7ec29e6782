import { Radio, Stack } from '@mantine/core';
import type { Plan, UpdateMode } from './types';
import { modeMeaning } from './words';

const MODES: { value: UpdateMode; label: string }[] = [
  { value: 'stop-all', label: 'Stop all flows that use it' },
  { value: 'stop-affected', label: 'Stop only flows that are affected' },
  { value: 'side-by-side', label: 'Side by side' },
];

export const isMode = (text: string | null): text is UpdateMode => MODES.some(({ value }) => value === text);

export function ModeChoice({ plan, mode, choose }: { plan: Plan; mode: UpdateMode; choose: (mode: UpdateMode) => void }) {
  return (
    <Radio.Group label="What happens to running flows" value={mode} onChange={value => choose(value as UpdateMode)}>
      <Stack gap="xs" mt="xs">
        {MODES.map(({ value, label }) => (
          <Radio key={value} value={value} label={label} description={modeMeaning(value, plan)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
