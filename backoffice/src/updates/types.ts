// What the server says of plans and operations (docs/formats/operation.md).
import type { ChangelogEntry } from '../connectors/api';

export type OperationStatus = 'in-progress' | 'completed' | 'failed' | 'cancelled';
export type OperationAction = 'install' | 'update' | 'publish' | 'remove' | 'rollback';
export type PlannedAction = 'install' | 'update' | 'remove' | 'rollback';
export type UpdateMode = 'stop-all' | 'stop-affected' | 'side-by-side';

/** In the order they are gone through. An operation that ends before `switch` has changed nothing. */
export const PHASES = ['plan', 'stage', 'verify', 'restore-point', 'stop', 'switch', 'resume', 'done'] as const;
export type Phase = (typeof PHASES)[number];

export interface Operation {
  ticket: string;
  action: OperationAction;
  /** Null while a publish has not read its zip. */
  name: string | null;
  from: string | null;
  to: string | null;
  status: OperationStatus;
  phase: Phase;
  stepsDone: number;
  stepsTotal: number;
  mode: UpdateMode;
  flows: { total: number; stopped: number; restarted: number; failed: { flowId: string; reason: string }[] };
  started: string;
  finished: string | null;
  err: string | null;
  code: string | null;
  data: unknown;
  warnings: string[];
  startedBy: string;
  /** Of a rollback: the ticket of what it takes back. */
  undoes: string | null;
}

/** From least to worst. */
export const VERDICTS = ['safe', 'auto-migratable', 'needs-owner', 'broken'] as const;
export type Verdict = (typeof VERDICTS)[number];

/** One difference of two versions' contracts (docs/formats/contract_diff.md). */
export interface InterfaceChange {
  component: string;
  kind: string;
  where: string;
  severity: 'breaking' | 'breaking-if-used' | 'behaviour' | 'harmless';
  message: string;
}

/** One that hits a component of a flow, and what its owner has to do. */
export interface FlowChange extends InterfaceChange {
  componentId: string;
  field: string | null;
  action: 'fill-field' | 'reconnect-account' | 'replace-component' | 'review';
  verdict: Verdict;
}

export interface FlowImpact {
  flowId: string;
  name: string;
  userId: string;
  email: string | null;
  type: string;
  stage: 'running' | 'stopped';
  /** Stays on the version it runs, whatever is installed. */
  sideBySide: boolean;
  verdict: Verdict;
  changes: FlowChange[];
}

export interface Plan {
  action: PlannedAction;
  name: string;
  from: string | null;
  to: string | null;
  breaking: boolean;
  declaredBreaking: boolean;
  requiresConfirmation: boolean;
  changes: ChangelogEntry[];
  removedComponents: string[];
  addedComponents: string[];
  interfaceChanges: InterfaceChange[];
  /** At most 10,000; `counts` are of all. */
  flows: FlowImpact[];
  counts: { verdicts: Record<Verdict, number>; running: { automations: number; integrations: number } };
  stoppedWebhook: { configured: boolean; urls: string[]; lastDelivery: string | null };
  warnings: string[];
  confirmationToken: string;
}

/** A version that is installed, kept or on offer. */
export interface TrashRow {
  id: string;
  name: string;
  version: string;
  installed: boolean;
  installedAt: string;
  trashedAt: string;
  keptUntil: string;
  pinnedFlows: number;
}

export interface Refreshed {
  refreshed: number;
  error: string | null;
}

/** A delivery of a system webhook (docs/formats/system_webhooks.md). */
export interface StoppedDelivery {
  id: string;
  url: string;
  state: 'pending' | 'delivered' | 'failed';
  status: number | null;
  attempts: number;
  lastError: string | null;
  created: string;
  lastAttempt: string | null;
}
