// Which rows of a list in pages are chosen for a command: those ticked on this page and others, or all that match the filters.
import { useEffect, useState } from 'react';

export interface Selection {
  count: number;
  total: number;
  has: (id: string) => boolean;
  /** Of the rows on this page. */
  page: 'none' | 'some' | 'all';
  all: boolean;
  toggle: (id: string) => void;
  togglePage: () => void;
  chooseAll: () => void;
  clear: () => void;
  /** All that match are asked for only now. */
  ids: () => Promise<string[]>;
}

interface Source {
  onPage: string[];
  total: number;
  /** What chooses the list; another one begins without a selection. */
  filters: unknown;
  fetchAll: () => Promise<string[]>;
}

export function useSelection({ onPage, total, filters, fetchAll }: Source): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const clear = () => {
    setChosen(new Set());
    setAll(false);
  };
  useEffect(clear, [JSON.stringify(filters)]);
  const ticked = onPage.filter(id => all || chosen.has(id)).length;
  const page = ticked === 0 ? 'none' : ticked === onPage.length ? 'all' : 'some';
  // Taking one out of "all that match" leaves those of this page: nothing is chosen that nobody has seen.
  const base = all ? new Set(onPage) : chosen;
  const choose = (ids: Iterable<string>) => {
    setAll(false);
    setChosen(new Set(ids));
  };
  return {
    count: all ? total : chosen.size,
    total,
    has: id => all || chosen.has(id),
    page,
    all,
    toggle: id => choose(base.has(id) ? [...base].filter(other => other !== id) : [...base, id]),
    togglePage: () => choose(page === 'all' ? [...base].filter(id => !onPage.includes(id)) : [...base, ...onPage]),
    chooseAll: () => setAll(true),
    clear,
    ids: async () => (all ? fetchAll() : [...chosen]),
  };
}
