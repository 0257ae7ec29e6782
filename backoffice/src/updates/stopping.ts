// Which running flows a mode of an update stops (docs/formats/operation.md, "Mode of an update that was confirmed").
import type { FlowImpact, Plan, UpdateMode } from './types';
import { count } from './words';

export interface Stopping {
  flows: FlowImpact[];
  automations: number;
  integrations: number;
}

export function stoppingOf(plan: Plan, mode: UpdateMode): Stopping {
  if (!plan.requiresConfirmation || mode === 'side-by-side') {
    return { flows: [], automations: 0, integrations: 0 };
  }
  const flows = runningOf(plan).filter(flow => mode === 'stop-all' || flow.verdict !== 'safe');
  const integrations = flows.filter(isIntegration).length;
  return { flows, automations: flows.length - integrations, integrations };
}

/** Running flows that follow what is installed. */
export const runningOf = (plan: Plan): FlowImpact[] => plan.flows.filter(flow => flow.stage === 'running' && !flow.sideBySide);

/** Running flows that could not go on as they are. */
export const breakingOf = (plan: Plan): FlowImpact[] => runningOf(plan).filter(flow => flow.verdict !== 'safe');

/** Nobody has to do anything because of it, and nothing stops. */
export const isSafe = (plan: Plan): boolean => !plan.requiresConfirmation && plan.flows.every(flow => flow.verdict === 'safe');

export const isIntegration = (flow: FlowImpact) => flow.type.startsWith('integration');

/** What the button that confirms says it does. */
export function verbOf(plan: Plan, mode: UpdateMode): string {
  const verb = plan.action === 'install' ? 'Install' : 'Update';
  const stops = stoppingOf(plan, mode).flows.length;
  if (mode === 'side-by-side' && plan.requiresConfirmation) {
    return `${verb}, ${count(runningOf(plan).length, 'flow')} ${runningOf(plan).length === 1 ? 'keeps' : 'keep'} ${plan.from}`;
  }
  return stops === 0 ? verb : `${verb} and stop ${count(stops, 'flow')}`;
}
