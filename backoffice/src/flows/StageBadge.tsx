import { Badge } from '@mantine/core';
import type { Stage } from './api';

const LOOKS: Record<Stage, { label: string; color: string }> = {
  running: { label: 'Running', color: 'green' },
  starting: { label: 'Starting', color: 'green' },
  stopping: { label: 'Stopping', color: 'gray' },
  stopped: { label: 'Stopped', color: 'gray' },
};

export function StageBadge({ stage }: { stage: Stage }) {
  const { label, color } = LOOKS[stage];
  return (
    <Badge color={color} variant="dot" size="sm" miw="max-content">
      {label}
    </Badge>
  );
}
