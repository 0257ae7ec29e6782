// The drawing of a flow: React Flow shows it and takes the mouse and the keys; what is done goes into the document, from which
// nodes and edges are made again.
import '@xyflow/react/dist/style.css';
import { useComputedColorScheme } from '@mantine/core';
import {
  applyNodeChanges,
  Background,
  type Connection,
  Controls,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  ReactFlow,
  useReactFlow,
} from '@xyflow/react';
import { type DragEvent, type ReactNode, useCallback, useLayoutEffect, useState } from 'react';
import type { Counts } from '../counts';
import type { Place } from '../document/edits';
import type { Components, Link } from '../document/links';
import { type ComponentNode as NodeOf, type Facts, nodesOf } from './canvas_nodes';
import { edgesOf, type LinkEdge } from './canvas_edges';
import { ComponentNode } from './ComponentNode';
import classes from './Canvas.module.css';

/** What a palette entry carries when it is dragged: the type of the component. */
export const DRAGGED_TYPE = 'application/x-patchbay-component';

const NODE_TYPES = { component: ComponentNode };
const FIT = { maxZoom: 1, padding: 0.15 };

interface Props {
  components: Components;
  facts: Facts;
  counts: Counts;
  selected: ReadonlySet<string>;
  readOnly: boolean;
  select: (ids: ReadonlySet<string>) => void;
  move: (places: Record<string, Place>) => void;
  connect: (link: Link) => void;
  mayConnect: (link: Link) => boolean;
  remove: (componentIds: string[], links: Link[]) => void;
  drop: (type: string, place: Place) => void;
  children?: ReactNode;
}

export function Canvas({ components, facts, counts, selected, readOnly, children, ...act }: Props) {
  const colorMode = useComputedColorScheme('light');
  const { nodes, onNodesChange } = useNodes(components, facts, selected, act);
  const { edges, onEdgesChange } = useEdges(components, facts, counts);
  const [fitted] = useState(() => (selected.size === 0 ? FIT : { ...FIT, nodes: [...selected].map(id => ({ id })) }));
  const dropping = useDrop(readOnly, act.drop);
  return (
    <div className={classes.canvas} {...dropping}>
      <ReactFlow<NodeOf, LinkEdge>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onConnect={connection => act.connect(linkOf(connection))}
        isValidConnection={connection => act.mayConnect(linkOf(connection as Connection))}
        onDelete={({ nodes: gone, edges: cut }) => act.remove(gone.map(({ id }) => id), cut.map(({ data }) => data!.link))}
        nodesDraggable={!readOnly}
        nodesConnectable={!readOnly}
        deleteKeyCode={readOnly ? null : DELETE_KEYS}
        multiSelectionKeyCode={MULTI_KEYS}
        onlyRenderVisibleElements
        elevateEdgesOnSelect
        connectionRadius={28}
        minZoom={0.05}
        fitView
        fitViewOptions={fitted}
        colorMode={colorMode}
        ariaLabelConfig={ARIA}
        aria-label="The flow"
      >
        <Background gap={16} />
        <Controls showInteractive={false} fitViewOptions={FIT} position="bottom-left" />
        <MiniMap pannable zoomable position="bottom-right" style={MAP} />
        {children}
      </ReactFlow>
    </div>
  );
}

const DELETE_KEYS = ['Delete', 'Backspace'];
const MULTI_KEYS = ['Shift', 'Control', 'Meta'];
const MAP = { width: 130, height: 90 };
const ARIA = {
  'node.a11yDescription.default': 'Enter selects the component. Arrow keys move it, Delete removes it, Escape leaves it.',
  'edge.a11yDescription.default': 'Enter selects the link, Delete removes it.',
  'controls.ariaLabel': 'Zoom',
  'controls.zoomIn.ariaLabel': 'Zoom in',
  'controls.zoomOut.ariaLabel': 'Zoom out',
  'controls.fitView.ariaLabel': 'Show the whole flow',
  'minimap.ariaLabel': 'Small map of the flow',
};

const linkOf = ({ source, sourceHandle, target, targetHandle }: Connection): Link => ({
  source,
  outPort: sourceHandle ?? '',
  target,
  inPort: targetHandle ?? '',
});

function useNodes(components: Components, facts: Facts, selected: ReadonlySet<string>, { select, move }: Pick<Props, 'select' | 'move'>) {
  const [nodes, setNodes] = useState<NodeOf[]>(() => nodesOf(components, facts, selected, []));
  useLayoutEffect(() => setNodes(before => nodesOf(components, facts, selected, before)), [components, facts, selected]);
  const onNodesChange = useCallback(
    (changes: NodeChange<NodeOf>[]) => {
      const shown = changes.filter(({ type }) => type === 'position' || type === 'dimensions');
      if (shown.length > 0) {
        setNodes(before => applyNodeChanges(shown, before));
      }
      const places = restingPlaces(changes);
      if (Object.keys(places).length > 0) {
        move(places);
      }
      const next = selectionAfter(selected, changes);
      if (next !== selected) {
        select(next);
      }
    },
    [selected, select, move],
  );
  return { nodes, onNodesChange };
}

/** Of nodes that were put down, by the mouse or an arrow key. */
function restingPlaces(changes: NodeChange<NodeOf>[]): Record<string, Place> {
  const put = changes.flatMap(change =>
    change.type === 'position' && change.dragging !== true && change.position !== undefined ? [[change.id, rounded(change.position)] as const] : [],
  );
  return Object.fromEntries(put);
}

const rounded = ({ x, y }: Place): Place => ({ x: Math.round(x), y: Math.round(y) });

function selectionAfter(selected: ReadonlySet<string>, changes: (NodeChange<NodeOf> | EdgeChange<LinkEdge>)[]): ReadonlySet<string> {
  const next = new Set(selected);
  let changed = false;
  for (const change of changes) {
    if (change.type === 'select' && next.has(change.id) !== change.selected) {
      changed = true;
      if (change.selected) {
        next.add(change.id);
      } else {
        next.delete(change.id);
      }
    }
  }
  return changed ? next : selected;
}

function useEdges(components: Components, { manifests }: Facts, counts: Counts) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [edges, setEdges] = useState<LinkEdge[]>(() => edgesOf(components, manifests, counts, selected, []));
  useLayoutEffect(
    () => setEdges(before => edgesOf(components, manifests, counts, selected, before)),
    [components, manifests, counts, selected],
  );
  const onEdgesChange = useCallback((changes: EdgeChange<LinkEdge>[]) => setSelected(before => selectionAfter(before, changes)), []);
  return { edges, onEdgesChange };
}

function useDrop(readOnly: boolean, drop: Props['drop']) {
  const { screenToFlowPosition } = useReactFlow();
  if (readOnly) {
    return {};
  }
  return {
    onDragOver: (event: DragEvent) => {
      if (event.dataTransfer.types.includes(DRAGGED_TYPE)) {
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
      }
    },
    onDrop: (event: DragEvent) => {
      const type = event.dataTransfer.getData(DRAGGED_TYPE);
      if (type !== '') {
        event.preventDefault();
        drop(type, rounded(screenToFlowPosition({ x: event.clientX, y: event.clientY })));
      }
    },
  };
}
