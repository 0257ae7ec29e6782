// Which components are selected. One that is selected stands in the address (?component=ID&field=in/subject&tab=log), so that
// links can lead to it; a link that was followed also shows it, wherever it is on the canvas.
import { useReactFlow } from '@xyflow/react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'react-router';

export type Tab = 'fields' | 'links' | 'log';

export interface Selection {
  selected: ReadonlySet<string>;
  /** The selected component, if it is one. */
  single: string | undefined;
  /** The field to focus, and a number that changes each time a link asks for it. */
  field: string | undefined;
  jump: number;
  tab: Tab;
  select: (ids: ReadonlySet<string>) => void;
  /** Selects one and moves the canvas to it. */
  reveal: (ids: ReadonlySet<string>) => void;
  setTab: (tab: string) => void;
}

const OWN = { own: true };
const TABS: Tab[] = ['fields', 'links', 'log'];

export const linkTo = (componentId: string, field = '') =>
  `?${new URLSearchParams({ component: componentId, ...(field !== '' && { field }) })}`;

export function useSelection(): Selection {
  const [params, setParams] = useSearchParams();
  const { key, state } = useLocation();
  const { fitView } = useReactFlow();
  const linked = params.get('component');
  const [selected, setSelected] = useState<ReadonlySet<string>>(() => new Set(linked === null ? [] : [linked]));
  const [jump, setJump] = useState(0);
  const first = useRef(true);
  const show = useCallback((ids: ReadonlySet<string>) => void fitView({ nodes: [...ids].map(id => ({ id })), maxZoom: 1 }), [fitView]);
  useEffect(() => {
    if (!first.current && linked !== null && !isOwn(state)) {
      setSelected(new Set([linked]));
      setJump(before => before + 1);
      show(new Set([linked]));
    }
    first.current = false;
    // A link to the same place counts again: its key is new.
  }, [key]);
  const select = useCallback(
    (ids: ReadonlySet<string>) => {
      setSelected(ids);
      setParams(before => addressOf(before, ids), { replace: true, state: OWN, preventScrollReset: true });
    },
    [setParams],
  );
  const setTab = useCallback(
    (tab: string) =>
      setParams(
        before => {
          const next = new URLSearchParams(before);
          next.set('tab', tab);
          return next;
        },
        { replace: true, state: OWN, preventScrollReset: true },
      ),
    [setParams],
  );
  return {
    selected,
    single: selected.size === 1 ? [...selected][0] : undefined,
    field: params.get('field') ?? undefined,
    jump,
    tab: TABS.find(tab => tab === params.get('tab')) ?? 'fields',
    select,
    reveal: useCallback(
      ids => {
        select(ids);
        show(ids);
      },
      [select, show],
    ),
    setTab,
  };
}

const isOwn = (state: unknown) => typeof state === 'object' && state !== null && 'own' in state;

function addressOf(before: URLSearchParams, ids: ReadonlySet<string>): URLSearchParams {
  const next = new URLSearchParams(before);
  const [id] = ids;
  next.delete('field');
  if (ids.size === 1 && id !== undefined) {
    next.set('component', id);
  } else {
    next.delete('component');
  }
  return next;
}
