// Which unprocessed messages are shown: from the address to the query of GET /unprocessed-messages.
import type { Query } from '../api/call';
import type { Address } from '../parts/address';

export const FACETS = ['connector', 'component', 'error', 'flow'] as const;
export type Facet = (typeof FACETS)[number];
/** An empty text is any. `error`: an error's code, or its name if it has none. */
export type MessageChoices = Record<Facet, string>;

export const ANY: MessageChoices = { connector: '', component: '', error: '', flow: '' };

export function choicesOf(address: Address): MessageChoices {
  return { connector: address.get('connector'), component: address.get('component'), error: address.get('error'), flow: address.get('flow') };
}

export const isFiltered = (choices: MessageChoices): boolean => FACETS.some(facet => choices[facet] !== '');

// `err` is a JSON text; what stands in quotes is found in it as it is.
export function queryOf({ connector, component, error, flow }: MessageChoices): Query {
  return {
    flowId: flow,
    componentType: component,
    filter: [...(connector ? [`componentType:~^${connector}.`] : []), ...(error ? [`err:~"${error}"`] : [])],
  };
}
