// The flows of a plan as a table for other programs: one line for each change of each flow, one for a flow without any.
import { csvCell } from '../parts/csv';
import type { FlowChange, FlowImpact, Plan } from './types';

const COLUMNS: [name: string, of: (flow: FlowImpact, change: FlowChange | null) => string | null][] = [
  ['flowId', flow => flow.flowId],
  ['flow', flow => flow.name],
  ['owner', flow => flow.email ?? flow.userId],
  ['type', flow => flow.type],
  ['stage', flow => flow.stage],
  ['verdict', flow => flow.verdict],
  ['component', (_, change) => change?.component ?? null],
  ['componentId', (_, change) => change?.componentId ?? null],
  ['field', (_, change) => change?.field ?? null],
  ['change', (_, change) => change?.message ?? null],
  ['action', (_, change) => change?.action ?? null],
];

export function planAsCsv(flows: FlowImpact[]): Blob {
  const lines = flows.flatMap(flow => (flow.changes.length === 0 ? [null] : flow.changes).map(change => COLUMNS.map(([, of]) => csvCell(of(flow, change)))));
  const text = [COLUMNS.map(([name]) => name), ...lines].map(cells => cells.join(',')).join('\r\n');
  return new Blob([text, '\r\n'], { type: 'text/csv' });
}

export function planAsJson(plan: Plan, flows: FlowImpact[]): Blob {
  const { action, name, from, to, counts, warnings } = plan;
  return new Blob([JSON.stringify({ action, name, from, to, counts, warnings, flows }, null, 2)], { type: 'application/json' });
}
