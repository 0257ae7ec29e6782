// What a person does to the flow on the canvas, in the palette and in the panel.
import { useReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import { announce } from '../parts/announce';
import { arranged, isPile, placesOf } from './document/arrange';
import { connected, disconnected, moved, newComponent, type Place, removed, replaced } from './document/edits';
import type { Editor } from './document/editor';
import { copied, pasted } from './document/fragment';
import type { Components, Link } from './document/links';
import { inPortOf, nameOf } from './document/ports';
import type { ComponentDescriptor } from './flow_document';
import type { Manifest } from './manifest';
import type { Selection } from './selection';

export type Actions = ReturnType<typeof useActions>;

const BESIDE = 240;
const SHIFT = 32;

export function useActions(change: Editor['change'], { select, reveal }: Selection, manifests: Map<string, Manifest>, canvas: () => DOMRect | undefined) {
  const { screenToFlowPosition, fitView } = useReactFlow();
  return useMemo(() => {
    const edit = (next: (components: Components) => Components, merge?: string) =>
      change(edited => {
        const flow = next(edited.flow);
        return flow === edited.flow ? edited : { ...edited, flow };
      }, merge);
    const put = (made: Components) => {
      edit(components => ({ ...components, ...made }));
      select(new Set(Object.keys(made)));
    };
    const place = (manifest: Manifest, at: Place) => {
      put({ [crypto.randomUUID()]: newComponent(manifest, at) });
      announce(`${manifest.label ?? manifest.name} was added.`);
    };
    const middle = (): Place => {
      const area = canvas();
      const { x, y } = screenToFlowPosition({ x: (area?.x ?? 0) + (area?.width ?? 0) / 2, y: (area?.y ?? 0) + (area?.height ?? 0) / 2 });
      return { x: Math.round(x) - 88, y: Math.round(y) - 40 };
    };
    return {
      // The Inspector tells the last of its changes when it goes, which may be because its component went.
      change: (id: string, component: ComponentDescriptor) =>
        edit(components => (id in components ? replaced(components, id, component) : components), `fields ${id}`),
      rename: (id: string, label: string) => edit(components => replaced(components, id, withLabel(components[id]!, label)), `name ${id}`),
      move: (places: Record<string, Place>) =>
        edit(components => moved(components, isPile(components) ? { ...placesOf(components), ...places } : places)),
      arrange: () => {
        edit(components => moved(components, arranged(components)));
        requestAnimationFrame(() => void fitView({ maxZoom: 1 }));
      },
      connect: (link: Link) =>
        edit(components => connected(components, link, inPortOf(manifests.get(components[link.target]?.type ?? ''), link.inPort))),
      disconnect: (links: Link[]) => edit(components => disconnected(components, links)),
      remove: (ids: string[], links: Link[] = []) => {
        edit(components => removed(disconnected(components, links), ids));
        if (ids.length > 0) {
          select(new Set());
        }
      },
      drop: (type: string, at: Place) => {
        const manifest = manifests.get(type);
        if (manifest !== undefined) {
          place(manifest, { x: at.x - 88, y: at.y - 26 });
        }
      },
      /** Beside the component `after`, or in the middle of what is seen. */
      add: (components: Components, manifest: Manifest, after?: string) => {
        const beside = after === undefined ? undefined : placesOf(components)[after];
        place(manifest, free(components, beside === undefined ? middle() : { x: beside.x + BESIDE, y: beside.y }));
      },
      paste: (text: string) => put(pasted(text, SHIFT)),
      duplicate: (components: Components, ids: Iterable<string>) => put(pasted(copied(components, ids), SHIFT)),
      select,
      reveal,
    };
  }, [change, select, reveal, manifests, canvas, screenToFlowPosition, fitView]);
}

function withLabel(component: ComponentDescriptor, label: string): ComponentDescriptor {
  const { label: _, ...others } = component;
  return label === '' ? others : { ...component, label };
}

function free(components: Components, place: Place): Place {
  const taken = Object.values(placesOf(components)).some(({ x, y }) => Math.abs(x - place.x) < SHIFT && Math.abs(y - place.y) < SHIFT);
  return taken ? free(components, { x: place.x + SHIFT, y: place.y + SHIFT }) : place;
}

export const nameIn = (components: Components, id: string, manifests: Map<string, Manifest>) =>
  components[id] === undefined ? 'A component that is gone' : nameOf(components[id], manifests.get(components[id].type));
