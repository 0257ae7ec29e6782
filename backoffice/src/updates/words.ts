// What the page calls the words of docs/formats/operation.md.
import type { FlowChange, Operation, OperationAction, Phase, Plan, UpdateMode, Verdict } from './types';

const ACTIONS: Record<OperationAction, string> = {
  install: 'Installation',
  update: 'Update',
  publish: 'Publishing',
  remove: 'Removal',
  rollback: 'Rollback',
};

/** "Update of acme.mail 1.0.0 → 2.0.0" */
export function titleOf({ action, name, from, to }: Pick<Operation, 'action' | 'name' | 'from' | 'to'>, label?: string): string {
  const of = label ?? name;
  return [ACTIONS[action] + (of === null ? '' : ` of ${of}`), versionStep(from, to)].filter(part => part !== '').join(' ');
}

export function versionStep(from: string | null, to: string | null): string {
  return from !== null && to !== null ? `${from} → ${to}` : (to ?? from ?? '');
}

export const PHASE_NAMES: Record<Phase, string> = {
  plan: 'Check the plan',
  stage: 'Fetch and unpack',
  verify: 'Load it on probation',
  'restore-point': 'Note the restore point',
  stop: 'Stop flows',
  switch: 'Switch the version',
  resume: 'Start what goes on',
  done: 'Finish',
};

export const VERDICT_NAMES: Record<Verdict, string> = {
  safe: 'Safe',
  'auto-migratable': 'Auto-migratable',
  'needs-owner': 'Needs owner',
  broken: 'Broken',
};

export const VERDICT_MEANINGS: Record<Verdict, string> = {
  safe: 'Goes on as it is',
  'auto-migratable': 'The edit is prepared; its owner agrees to it',
  'needs-owner': 'A field, a choice or an account is missing',
  broken: 'A component or port it uses is gone',
};

/** Mantine colours whose light variant keeps 4.5:1 in both schemes. */
export const VERDICT_COLORS: Record<Verdict, string> = { safe: 'green', 'auto-migratable': 'blue', 'needs-owner': 'orange', broken: 'red' };

export const ACTION_NAMES: Record<FlowChange['action'], string> = {
  'fill-field': 'Fill in the field',
  'reconnect-account': 'Reconnect the account',
  'replace-component': 'Replace the component',
  review: 'Review',
};

export const TYPE_NAMES: Record<string, string> = {
  automation: 'Automation',
  'integration-template': 'Integration template',
  'integration-draft': 'Integration draft',
  'integration-instance': 'Integration',
};

export const nameOfType = (type: string) => TYPE_NAMES[type] ?? type;

/** "1 flow", "7 flows" */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

export function modeMeaning(mode: UpdateMode, { from, to }: Plan): string {
  return {
    'stop-all': 'All running flows that use it stop before the switch and stay stopped until their owners start them.',
    'stop-affected': `Only flows that are not safe stop. The others go on with ${to}.`,
    'side-by-side': `Nothing stops. Running flows keep ${from} until their owners move them; what starts from now on takes ${to}.`,
  }[mode];
}
