// The links of a flow as React Flow's edges, with how many messages went along each.
import { type Edge, MarkerType } from '@xyflow/react';
import { type Counts, countOf } from '../counts';
import { type Components, type Link, linkId, linksOf } from '../document/links';
import { nameOf } from '../document/ports';
import type { Manifest } from '../manifest';
import { plural } from '../plural';

export type LinkEdge = Edge<{ link: Link }>;

export function edgesOf(
  components: Components,
  manifests: Map<string, Manifest>,
  counts: Counts,
  selected: ReadonlySet<string>,
  before: LinkEdge[],
): LinkEdge[] {
  const known = new Map(before.map(edge => [edge.id, edge]));
  const name = (id: string) => nameOf(components[id]!, manifests.get(components[id]!.type));
  return linksOf(components)
    .filter(({ source }) => source in components)
    .map(link => {
      const id = linkId(link);
      const count = countOf(counts, link);
      const label = count === 0 ? undefined : String(count);
      const text = `${name(link.source)}, ${link.outPort}, to ${name(link.target)}, ${link.inPort}${count === 0 ? '' : `: ${plural(count, 'message')}`}`;
      const old = known.get(id);
      const same = old !== undefined && old.label === label && old.ariaLabel === text && old.selected === selected.has(id);
      return same ? old : edge(link, id, label, text, selected.has(id));
    });
}

function edge(link: Link, id: string, label: string | undefined, ariaLabel: string, selected: boolean): LinkEdge {
  return {
    id,
    source: link.source,
    sourceHandle: link.outPort,
    target: link.target,
    targetHandle: link.inPort,
    label,
    ariaLabel,
    selected,
    data: { link },
    markerEnd: { type: MarkerType.ArrowClosed },
    labelBgPadding: [6, 3],
    labelBgBorderRadius: 8,
  };
}
