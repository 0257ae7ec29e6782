// A flow as the Designer edits it (flow-format.md; GET /flows/:id). Members that the Designer does not know are kept as they are.

export interface FlowDocument {
  flowId: string;
  name: string;
  stage: 'running' | 'stopped' | string;
  description?: string;
  userId?: string;
  /** componentId → the component placed in this flow. */
  flow: Record<string, ComponentDescriptor>;
  attention?: Attention[];
  [more: string]: unknown;
}

export interface ComponentDescriptor {
  /** "appmixer.trello.cards.CreateCard" */
  type: string;
  label?: string;
  x: number;
  y: number;
  version?: string;
  /** in port → component that sends → out ports of it. */
  source?: Record<string, Record<string, string[]>>;
  config?: {
    properties?: Record<string, unknown>;
    transform?: Record<string, Record<string, Record<string, Transform>>>;
    [more: string]: unknown;
  };
  [more: string]: unknown;
}

/** How an in port's message is made of what comes from one out port. */
export interface Transform {
  type: string;
  modifiers?: Record<string, unknown>;
  lambda?: Record<string, unknown>;
  [more: string]: unknown;
}

/** Why a flow needs its owner (docs/formats/operation.md, Attention). */
export interface Attention {
  code: 'fill-field' | 'reconnect-account' | 'replace-component' | 'review';
  connector: string;
  componentId: string;
  field?: string;
  account?: string;
  message: string;
  since: string;
}
