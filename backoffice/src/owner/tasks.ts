// What an owner has to do for one flow, as a list to be worked through.
//
// The server keeps a flow's attention until the flow runs again. Whether a single entry is done shows in the upgrade's dry run:
// what it still names is to be done, or is taken care of by the prepared change; what it names no more the owner has done.
import type { Attention } from '../designer/flow_document';
import type { FlowRow } from '../flows/api';
import { shortType } from '../flows/connectors';
import { nameOf } from '../flows/flow_difference';
import type { FlowChange, Upgrade } from './api';

export type TaskState = 'open' | 'prepared' | 'done';

export interface Task {
  key: string;
  /** Label of the component; empty: the flow as a whole. */
  component: string;
  text: string;
  since: string;
  state: TaskState;
  /** Nobody but the owner knows whether it is done; it does not stand in the way of a start. */
  checkOnly: boolean;
  link: { to: string; label: string };
}

const CHECKS: Attention['code'][] = ['review', 'reconnect-account'];

export function tasksOf(flow: FlowRow, upgrades: Upgrade[]): Task[] {
  return (flow.attention ?? []).map(entry => {
    const upgrade = upgrades.find(({ connector }) => connector === entry.connector);
    const named = (changes: FlowChange[] = []) =>
      changes.find(({ componentId, message }) => componentId === entry.componentId && message === entry.message);
    const prepared = named(upgrade?.applied);
    const remaining = named(upgrade?.remaining);
    const type = flow.flow[entry.componentId]?.type ?? '';
    return {
      key: [entry.code, entry.componentId, entry.field, entry.account].join(),
      component: entry.componentId ? nameOf(entry.componentId, flow.flow) : '',
      text: entry.message.replace(`${type}: `, '').replace(type, shortType(type)),
      since: entry.since,
      state: prepared ? 'prepared' : !upgrade || remaining || CHECKS.includes(entry.code) ? 'open' : 'done',
      checkOnly: CHECKS.includes(entry.code),
      link: linkOf(flow.flowId, entry, remaining),
    };
  });
}

function linkOf(flowId: string, entry: Attention, change: FlowChange | undefined): Task['link'] {
  const query = new URLSearchParams(entry.componentId ? { component: entry.componentId } : {});
  const field = change === undefined ? entry.field && `in/${entry.field}` : fieldOf(change.where);
  if (field && entry.code !== 'reconnect-account') {
    query.set('field', field);
  }
  const label = entry.code === 'reconnect-account' ? 'Reconnect account' : entry.code === 'review' ? 'Look at it' : 'Fix now';
  return { to: `/flows/${flowId}${query.size === 0 ? '' : `?${query}`}`, label };
}

/** "in.in.to" is the Designer's field "in/to", "properties.folder" its "properties/folder"; an output is no field. */
export function fieldOf(where: string): string {
  const [part, ...rest] = where.split('.');
  if (part === 'properties') {
    return `properties/${rest.join('.')}`;
  }
  const [port, ...field] = rest;
  return part === 'in' && field.length > 0 ? `${port}/${field.join('.')}` : '';
}
