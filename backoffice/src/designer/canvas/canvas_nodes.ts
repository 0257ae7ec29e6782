// The components of a flow as React Flow's nodes. A node, and what it shows, is a new object only where something of it has
// changed: of 200 nodes one moves, and one is drawn.
import { type Node, Position } from '@xyflow/react';
import { placesOf } from '../document/arrange';
import type { Components } from '../document/links';
import { nameOf, type Ports, portsOf, usedOutPorts } from '../document/ports';
import type { Attention, ComponentDescriptor } from '../flow_document';
import type { Manifest } from '../manifest';
import { plural } from '../plural';
import type { Problem } from '../problems';

export interface Facts {
  manifests: Map<string, Manifest>;
  problems: Map<string, Problem[]>;
  attention: Map<string, Attention[]>;
}

export interface Shown extends Record<string, unknown> {
  component: ComponentDescriptor;
  manifest: Manifest | undefined;
  problems: Problem[] | undefined;
  attention: Attention[] | undefined;
  usedOut: string;
  ports: Ports;
}

export type ComponentNode = Node<Shown, 'component'>;

// As in Canvas.module.css, until React Flow has measured a node: so the whole flow can be fitted into the window, and links drawn,
// though only what is seen is drawn.
export const NODE_WIDTH = 176;
const HEAD_HEIGHT = 52;
const PORT_HEIGHT = 20;
const FOOT_HEIGHT = 28;
const HANDLE = 12;

/** `before`: the nodes as they are; those that nothing has changed of are in the result again. */
export function nodesOf(components: Components, facts: Facts, selected: ReadonlySet<string>, before: ComponentNode[]): ComponentNode[] {
  const known = new Map(before.map(node => [node.id, node]));
  const places = placesOf(components);
  const used = usedOutPorts(components);
  return Object.entries(components).map(([id, component]) => {
    const old = known.get(id);
    const data = shown(id, component, facts, used.get(id) ?? [], old?.data);
    const position = old?.dragging ? old.position : places[id]!;
    const isSelected = selected.has(id);
    const same = old !== undefined && old.data === data && (old.selected ?? false) === isSelected && old.position.x === position.x && old.position.y === position.y;
    return same ? old : { ...(data === old?.data ? old : fresh(id, data, old)), position, selected: isSelected };
  });
}

function shown(id: string, component: ComponentDescriptor, facts: Facts, usedOut: string[], old?: Shown): Shown {
  const manifest = facts.manifests.get(component.type);
  const next = { component, manifest, problems: facts.problems.get(id), attention: facts.attention.get(id), usedOut: usedOut.join('/') };
  const same = old !== undefined && (Object.keys(next) as (keyof typeof next)[]).every(key => next[key] === old[key]);
  return same ? old : { ...next, ports: portsOf(component, manifest, usedOut) };
}

function fresh(id: string, data: Shown, old?: ComponentNode): ComponentNode {
  const rows = Math.max(data.ports.in.length, data.ports.out.length);
  const height = HEAD_HEIGHT + rows * PORT_HEIGHT + FOOT_HEIGHT;
  const handle = (type: 'source' | 'target', name: string, row: number) => ({
    id: name,
    type,
    position: type === 'source' ? Position.Right : Position.Left,
    x: (type === 'source' ? NODE_WIDTH : 0) - HANDLE / 2,
    y: HEAD_HEIGHT + row * PORT_HEIGHT + (PORT_HEIGHT - HANDLE) / 2,
    width: HANDLE,
    height: HANDLE,
  });
  return {
    ...old,
    id,
    data,
    type: 'component',
    position: { x: 0, y: 0 },
    measured: old?.measured ?? { width: NODE_WIDTH, height },
    handles: [...data.ports.in.map((name, row) => handle('target', name, row)), ...data.ports.out.map((name, row) => handle('source', name, row))],
    ariaLabel: ariaLabel(data),
  };
}

function ariaLabel({ component, manifest, problems, attention }: Shown): string {
  const state = [
    manifest === undefined ? 'not available' : '',
    problems === undefined ? '' : plural(problems.length, 'problem'),
    attention === undefined ? '' : 'needs attention',
  ];
  return [nameOf(component, manifest), component.type, ...state].filter(text => text !== '').join(', ');
}
