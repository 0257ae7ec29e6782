// Which flows the list shows, and in which order: from the address to the query of GET /flows (docs/decisions/0055).
import type { Query } from '../api/call';
import type { Address } from '../parts/address';
import type { FlowRow } from './api';

export interface FlowChoices {
  text: string;
  /** Names as the server matches them: "trello", "appmixer.trello". Flows that use any of them. */
  connectors: string[];
  stage: string;
  attention: boolean;
  /** "name:1" */
  sort: string;
}

export const NEWEST_FIRST = 'mtime:-1';

export const SORTS: { value: string; label: string }[] = [
  { value: NEWEST_FIRST, label: 'Changed last' },
  { value: 'name:1', label: 'Name' },
  { value: 'stage:1', label: 'Running first' },
  { value: 'started:-1', label: 'Started last' },
];

export function choicesOf(address: Address): FlowChoices {
  const sort = address.get('sort');
  return {
    text: address.get('q'),
    connectors: address.all('connector'),
    stage: address.get('stage'),
    attention: address.get('attention') === 'true',
    sort: SORTS.some(({ value }) => value === sort) ? sort : NEWEST_FIRST,
  };
}

export function isFiltered({ text, connectors, stage, attention }: FlowChoices): boolean {
  return text !== '' || connectors.length > 0 || stage !== '' || attention;
}

export function queryOf(choices: FlowChoices, connector: string | undefined, admin: boolean): Query {
  return {
    filter: [...(admin ? ['userId:*'] : []), ...(choices.attention ? ['attention:true'] : [])],
    pattern: choices.text,
    componentType: connector,
    stage: choices.stage,
    sort: choices.sort,
  };
}

/** The order that the server gives a list with this `sort`. */
export function orderOf(sort: string): (a: FlowRow, b: FlowRow) => number {
  const [field, direction] = sort.split(':') as [keyof FlowRow, string];
  const sign = direction === '-1' ? -1 : 1;
  const text = (row: FlowRow) => String(row[field] ?? '');
  return (a, b) => sign * (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0);
}
