// What one plan says that an earlier one did not, in sentences.
import type { FlowImpact, Plan } from './types';
import { versionStep, VERDICT_NAMES } from './words';

export function planDifferences(before: Plan, after: Plan): string[] {
  const lines: string[] = [];
  if (before.from !== after.from || before.to !== after.to) {
    lines.push(`It was ${versionStep(before.from, before.to)}, it is ${versionStep(after.from, after.to)}.`);
  }
  const was = new Map(before.flows.map(flow => [flow.flowId, flow]));
  for (const flow of after.flows) {
    lines.push(...flowDifferences(was.get(flow.flowId), flow));
    was.delete(flow.flowId);
  }
  for (const { name } of was.values()) {
    lines.push(`Flow ${name} no longer uses it.`);
  }
  return lines.length > 0 ? lines : ['Versions or flows changed.'];
}

function flowDifferences(before: FlowImpact | undefined, after: FlowImpact): string[] {
  if (before === undefined) {
    return [`Flow ${after.name} uses it now and is ${after.stage}.`];
  }
  return [
    ...(before.stage === after.stage ? [] : [`Flow ${after.name} is ${after.stage} now.`]),
    ...(before.verdict === after.verdict ? [] : [`Flow ${after.name}: ${VERDICT_NAMES[after.verdict]} now.`]),
  ];
}
