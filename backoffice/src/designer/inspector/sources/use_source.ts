// What a component answers for a field or a form of the component that is inspected, as its values are now.
import { useDebouncedValue } from '@mantine/hooks';
import { useAccountChoices, useSourceAnswer } from '../api';
import { useInspector, useIsOwner } from '../context';
import { linksInto, valuesAt, type Values } from '../edits';
import { defaultsOf, labelOf, requiredOf, type FormDefinition } from '../form_model';
import type { DynamicSource } from '../../manifest';
import { prepareSource, referencesOf, type SourceCall } from './source_call';

/** Nobody is asked for each letter that is typed. */
const PAUSE_MS = 400;

export interface SourceState {
  state: 'none' | 'waits' | 'loading' | 'failed' | 'ready';
  /** waits: for what; failed: why. */
  text: string;
  answer?: unknown;
  retry: () => void;
}

export function useSource(source: DynamicSource | undefined): SourceState {
  const { document, componentId, manifest, descriptor } = useInspector();
  const isOwner = useIsOwner();
  const accounts = useAccountChoices(manifest.name, componentId, source !== undefined && manifest.auth !== undefined && isOwner);
  const account = Object.values(accounts.data?.auth.accounts ?? {}).find(one => one.componentAssigned)?.accountId;

  const formAt = (place: string, port: string): { form: FormDefinition; values: Values } => {
    const form = place === 'properties' ? (manifest.properties ?? {}) : inPortNamed(port);
    return { form, values: shownValues(form, place === 'properties' ? [valuesAt(descriptor, 'properties')] : linksInto(descriptor, port).map(link => valuesAt(descriptor, link))) };
  };
  const inPortNamed = (name: string): FormDefinition =>
    manifest.inPorts?.find((port): port is Exclude<typeof port, string> => typeof port !== 'string' && port.name === name) ?? {};
  const valueOf = (place: string, path: string[]): unknown => {
    const { values } = formAt(place, path[0] ?? '');
    const below = place === 'properties' ? path : path.slice(1);
    return below.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Values)[key] : undefined), values);
  };
  /** The label of a required field that it refers to and that is empty. */
  const missing = (): string | undefined => {
    for (const reference of source === undefined ? [] : referencesOf(source)) {
      const [place = '', ...path] = reference.split('/');
      const { form } = formAt(place, path[0] ?? '');
      const name = (place === 'properties' ? path[0] : path[1]) ?? '';
      const value = valueOf(place, path);
      if (requiredOf(form.schema).has(name) && (value === undefined || value === '')) {
        return labelOf(name, form.inspector?.inputs?.[name] ?? { type: 'text' });
      }
    }
    return undefined;
  };

  const empty = missing();
  const prepared = source === undefined || empty !== undefined ? undefined : prepareSource(source, valueOf);
  const mayAsk = isOwner && (manifest.auth === undefined || !accounts.isPending);
  const wanted = mayAsk && prepared?.kind === 'call' ? JSON.stringify(prepared.call) : '';
  const [settled] = useDebouncedValue(wanted, wanted === '' ? 0 : PAUSE_MS);
  const asked = settled === '' ? undefined : (JSON.parse(settled) as SourceCall);
  const query = useSourceAnswer(asked, componentId, `${document.flowId}/${account ?? ''}`);
  const retry = () => void query.refetch();

  if (source === undefined || !isOwner) {
    return { state: 'none', text: '', retry };
  }
  if (empty !== undefined) {
    return { state: 'waits', text: `Fill in ${empty} first: what can be chosen here depends on it.`, retry };
  }
  if (prepared?.kind === 'needs-message') {
    return { state: 'waits', text: 'What can be chosen here depends on each message. Write a value or use a variable.', retry };
  }
  if (prepared?.kind === 'malformed') {
    return { state: 'failed', text: 'The connector does not say rightly where its choices come from.', retry };
  }
  if (wanted !== settled) {
    return { state: 'loading', text: '', retry };
  }
  if (query.data !== undefined) {
    return { state: 'ready', text: '', answer: query.data, retry };
  }
  return query.isError ? { state: 'failed', text: query.error.message, retry } : { state: 'loading', text: '', retry };
}

/** The first link that has a value counts, as at the server. */
export function shownValues(form: FormDefinition, stored: (Values | undefined)[]): Values {
  const values = stored.filter(one => one !== undefined && Object.keys(one).length > 0);
  return values.length === 0 ? defaultsOf(form) : Object.assign({}, ...values.reverse());
}
