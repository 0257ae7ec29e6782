import { Text } from '@mantine/core';
import type { FlowRow } from '../flows/api';
import { useInstalledConnectors } from '../flows/connectors';
import type { Upgrade } from './api';

/** Why the flow needs its owner, in a sentence for each connector that changed. */
export function WhatHappened({ flow, upgrades }: { flow: FlowRow; upgrades: Upgrade[] }) {
  const { data: installed } = useInstalledConnectors();
  const names = [...new Set((flow.attention ?? []).map(({ connector }) => connector).filter(Boolean))];
  return (
    <div>
      {names.map(name => (
        <Text key={name}>{sentence(installed?.[name]?.label ?? name, upgrades.find(({ connector }) => connector === name))}</Text>
      ))}
      {flow.stage === 'stopped' && <Text>The flow was stopped and waits for you; nothing of it was changed.</Text>}
      {flow.stage === 'running' && <Text>The flow still runs.</Text>}
    </div>
  );
}

function sentence(label: string, upgrade: Upgrade | undefined): string {
  if (upgrade === undefined) {
    return `${label} is not available any more.`;
  }
  return upgrade.from && upgrade.from !== upgrade.to ? `${label} has changed from version ${upgrade.from} to ${upgrade.to}.` : `${label} has changed.`;
}
