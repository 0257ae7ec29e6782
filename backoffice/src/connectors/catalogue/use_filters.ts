// The filters are in the page's address (S9): ?q=tre&show=installed,updates&category=crm&sort=used.
// What counts is kept here and written there after a pause: each new address renders the page, which is no work for every
// key, and a second click must not find the address of before the first.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { type Filters, NO_FILTERS, type Show, SHOWS, type Sort, SORTS } from './filters';

const PAUSE_MS = 200;

export function useFilters(): { filters: Filters; change: (part: Partial<Filters>) => void; clear: () => void } {
  const [params, setParams] = useSearchParams();
  const [filters, setFilters] = useState(() => read(params));
  const address = params.toString();
  const written = useRef(address);
  // Who goes to another address of this page, as by the menu, sees that one.
  useEffect(() => {
    if (address !== written.current) {
      written.current = address;
      setFilters(read(new URLSearchParams(address)));
    }
  }, [address]);
  const wanted = toParams(filters).toString();
  useEffect(() => {
    if (wanted === written.current) {
      return undefined;
    }
    const timer = setTimeout(() => {
      written.current = wanted;
      setParams(wanted, { replace: true });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [wanted, setParams]);
  const change = useCallback((part: Partial<Filters>) => setFilters(before => ({ ...before, ...part })), []);
  return { filters, change, clear: () => change({ ...NO_FILTERS, sort: filters.sort }) };
}

function read(params: URLSearchParams): Filters {
  const sort = params.get('sort') ?? '';
  return {
    text: params.get('q') ?? '',
    shows: (params.get('show') ?? '').split(',').filter((show): show is Show => show in SHOWS),
    category: params.get('category') ?? '',
    sort: sort in SORTS ? (sort as Sort) : 'name',
  };
}

function toParams({ text, shows, category, sort }: Filters): URLSearchParams {
  const params = new URLSearchParams();
  const put = (name: string, value: string, absent: string) => value !== absent && params.set(name, value);
  put('q', text, '');
  put('show', shows.join(','), '');
  put('category', category, '');
  put('sort', sort, 'name');
  return params;
}
