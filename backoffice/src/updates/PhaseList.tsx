// The phases of an operation and where it stands. The server tells when it began and ended; when a phase began is known of
// those that began while this page looked on.
import { Group, Text, Timeline } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Time } from '../parts/Time';
import { ProgressBar, stoppedOf } from './ProgressBar';
import { PHASES, type Operation, type Phase } from './types';
import { PHASE_NAMES } from './words';

type PhaseState = 'done' | 'at work' | 'not reached' | 'failed here' | 'cancelled here' | 'skipped';

export function PhaseList({ operation }: { operation: Operation }) {
  const since = usePhaseTimes(operation);
  return (
    <Timeline active={PHASES.indexOf(operation.phase)} bulletSize={22} lineWidth={2} role="list" aria-label="Phases">
      {PHASES.map(phase => {
        const state = stateOf(operation, phase);
        return (
          <Timeline.Item
            key={phase}
            role="listitem"
            aria-current={state === 'at work' ? 'step' : undefined}
            title={PHASE_NAMES[phase]}
            bullet={bulletOf(state)}
            color={state === 'failed here' ? 'red' : undefined}
          >
            <Group gap="xs">
              <Text size="sm">{state}</Text>
              {since[phase] !== undefined && (
                <Text size="sm">
                  begun <Time at={since[phase]} />
                </Text>
              )}
            </Group>
            {phase === 'stop' && operation.flows.total > 0 && <StopProgress flows={operation.flows} />}
          </Timeline.Item>
        );
      })}
    </Timeline>
  );
}

function StopProgress({ flows }: { flows: Operation['flows'] }) {
  return (
    <div>
      <Text size="sm" mb={4}>
        {stoppedOf(flows)}
      </Text>
      <ProgressBar value={flows.stopped / flows.total} label="Flows that were stopped" valueText={stoppedOf(flows)} />
    </div>
  );
}

function usePhaseTimes({ ticket, phase, started, finished }: Operation): Partial<Record<Phase, string>> {
  const [seen, setSeen] = useState<{ ticket: string; last: Phase; times: Partial<Record<Phase, string>> }>({ ticket, last: phase, times: {} });
  if (seen.ticket !== ticket || seen.last !== phase) {
    const times = seen.ticket === ticket ? { ...seen.times, [phase]: new Date().toISOString() } : {};
    setSeen({ ticket, last: phase, times });
  }
  return { ...seen.times, plan: started, ...(finished === null || phase !== 'done' ? {} : { done: finished }) };
}

function stateOf({ phase: now, status, flows }: Operation, phase: Phase): PhaseState {
  const step = PHASES.indexOf(phase) - PHASES.indexOf(now);
  if (phase === 'stop' && flows.total === 0 && (step < 0 || status === 'completed')) {
    return 'skipped';
  }
  if (step < 0 || status === 'completed') {
    return 'done';
  }
  if (step > 0) {
    return 'not reached';
  }
  return status === 'in-progress' ? 'at work' : status === 'failed' ? 'failed here' : 'cancelled here';
}

function bulletOf(state: PhaseState) {
  const bullets: Partial<Record<PhaseState, typeof IconCheck>> = { done: IconCheck, skipped: IconMinus, 'failed here': IconX, 'cancelled here': IconX };
  const Bullet = bullets[state];
  return Bullet && <Bullet size={14} aria-hidden />;
}
