// What a page shows, kept in its address: filters, tabs, the page number, what is opened. Reload, Back and a link sent to
// somebody else show the same.
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

export type AddressChange = Record<string, string | string[] | undefined>;

export interface Address {
  get: (name: string) => string;
  all: (name: string) => string[];
  /** Empty and undefined take a name out. Another choice begins at the first page, unless the change names the page. */
  change: (change: AddressChange, how?: AddressHow) => void;
  clear: () => void;
}

export interface AddressHow {
  /** A step of its own, which Back undoes. */
  step?: boolean;
  /** Shown before this returns: a radio button that is pressed is checked. */
  atOnce?: boolean;
}

export function useAddress(): Address {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (wanted: AddressChange, { step = false, atOnce = false }: AddressHow = {}) => {
      setParams(before => changed(before, wanted), { replace: !step, flushSync: atOnce });
    },
    [setParams],
  );
  const clear = useCallback(() => setParams({}, { replace: true }), [setParams]);
  return useMemo(
    () => ({ get: (name: string) => params.get(name) ?? '', all: (name: string) => params.getAll(name), change, clear }),
    [params, change, clear],
  );
}

/** Number of the page shown, from 1. */
export function pageOf(address: Address): number {
  return Math.max(1, Number.parseInt(address.get('page'), 10) || 1);
}

function changed(before: URLSearchParams, wanted: AddressChange): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries({ page: undefined, ...wanted })) {
    after.delete(name);
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== '') {
        after.append(name, one);
      }
    }
  }
  return after;
}
