// Says which running flows an update stops, with counts of each kind and the list of them (S100).
import { Button, Collapse, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useId } from 'react';
import { FlowLinks } from './FlowLinks';
import { runningOf, stoppingOf, type Stopping } from './stopping';
import type { Plan, UpdateMode } from './types';
import { count } from './words';

export function StoppedSentence({ label, plan, mode }: { label: string; plan: Plan; mode: UpdateMode }) {
  const [opened, { toggle }] = useDisclosure();
  const id = useId();
  const stopping = stoppingOf(plan, mode);
  const flows = mode === 'side-by-side' ? runningOf(plan) : stopping.flows;
  return (
    <div>
      <Text>{sentence(label, plan, mode, stopping)}</Text>
      {flows.length > 0 && (
        <>
          <Button variant="subtle" size="compact-sm" onClick={toggle} aria-expanded={opened} aria-controls={id}>
            {opened ? 'Hide the list' : `Show the ${count(flows.length, 'flow')}`}
          </Button>
          <Collapse expanded={opened} id={id}>
            <FlowLinks flows={flows} newTab />
          </Collapse>
        </>
      )}
    </div>
  );
}

function sentence(label: string, plan: Plan, mode: UpdateMode, { automations, integrations }: Stopping): string {
  const counts = `${count(automations, 'automation')} and ${count(integrations, 'integration')}`;
  switch (mode) {
    case 'stop-all':
      return automations + integrations === 0
        ? `All active flows (both integrations and automations) that use ${label} would be stopped automatically: at present there are none.`
        : `All active flows (both integrations and automations) that use ${label} will be stopped automatically: ${counts}.`;
    case 'stop-affected':
      return `Only active flows that would break will be stopped automatically: ${counts}. The others that use ${label} go on with ${plan.to}.`;
    case 'side-by-side':
      return `No flow stops: ${count(runningOf(plan).length, 'active flow')} that use ${label} keep ${plan.from} until their owners move them.`;
  }
}
