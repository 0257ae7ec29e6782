import { Progress } from '@mantine/core';
import type { Operation } from './types';
import { count, PHASE_NAMES } from './words';

interface Props {
  /** 0 to 1. */
  value: number;
  label: string;
  valueText: string;
}

/** With a text in place of the percentage that Mantine's own says. */
export function ProgressBar({ value, label, valueText }: Props) {
  const percent = Math.round(value * 100);
  return (
    <Progress.Root
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={valueText}
      size="md"
    >
      <Progress.Section value={percent} withAria={false} />
    </Progress.Root>
  );
}

/** Where an operation stands, in words: "Step 5 of 8: Stop flows, 3 of 7 flows stopped". */
export function standOf({ phase, stepsDone, stepsTotal, flows }: Operation): string {
  const step = `Step ${Math.min(stepsDone + 1, stepsTotal + 1)} of ${stepsTotal + 1}: ${PHASE_NAMES[phase]}`;
  return phase === 'stop' && flows.total > 0 ? `${step}, ${stoppedOf(flows)}` : step;
}

export const stoppedOf = ({ stopped, total }: Operation['flows']): string => `${stopped} of ${count(total, 'flow')} stopped`;
