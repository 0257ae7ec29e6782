import { Group, Select, Text } from '@mantine/core';
import { connectorOf, type InstalledConnectors, shortType, useInstalledConnectors } from '../flows/connectors';
import type { Address } from '../parts/address';
import { MOST_COUNTED, type UnprocessedRow, useFlowNames } from './api';
import { type Facet, FACETS, type MessageChoices } from './choices';
import { failureOf, kindOf } from './failure';

const LABELS: Record<Facet, string> = { connector: 'Connector', component: 'Component', error: 'Error', flow: 'Flow' };

/** Each filter with what there is of it, and how many of each. */
export function Facets({ rows, address, choices }: { rows: UnprocessedRow[]; address: Address; choices: MessageChoices }) {
  const { data: installed = {} } = useInstalledConnectors();
  const flows = useFlowNames([...rows.map(({ flowId }) => flowId), choices.flow].filter(Boolean));
  const nameOf = (facet: Facet, value: string) =>
    facet === 'flow' ? (flows[value] ?? value) : facet === 'component' ? shortType(value) : facet === 'connector' ? (installed[value]?.label ?? value) : value;
  return (
    <Group align="flex-end" role="search" aria-label="Unprocessed messages">
      {FACETS.map(facet => {
        const counts = countsOf(rows, facet, installed, choices[facet]);
        return (
          <Select
            key={facet}
            label={LABELS[facet]}
            placeholder="Any"
            data={counts.map(([value, count]) => ({ value, label: `${nameOf(facet, value)} (${count})` }))}
            value={choices[facet] || null}
            onChange={value => address.change({ [facet]: value ?? '' })}
            clearable
            clearButtonProps={{ 'aria-label': `Any ${LABELS[facet].toLowerCase()}` }}
            searchable
            w={220}
            maw="100%"
          />
        );
      })}
      {rows.length >= MOST_COUNTED && (
        <Text size="xs" c="dimmed">
          Counted over the newest {MOST_COUNTED} messages.
        </Text>
      )}
    </Group>
  );
}

function countsOf(rows: UnprocessedRow[], facet: Facet, installed: InstalledConnectors, chosen: string): [value: string, count: number][] {
  const counts = new Map<string, number>(chosen === '' ? [] : [[chosen, 0]]);
  for (const row of rows) {
    const value = valueOf(row, facet, installed);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a);
}

function valueOf(row: UnprocessedRow, facet: Facet, installed: InstalledConnectors): string {
  switch (facet) {
    case 'connector':
      return connectorOf(row.componentType, installed);
    case 'component':
      return row.componentType;
    case 'error':
      return kindOf(failureOf(row.err));
    case 'flow':
      return row.flowId;
  }
}
