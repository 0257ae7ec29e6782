// component.json as GET /components answers it (connector-format.md).

export interface Manifest {
  name: string;
  label?: string;
  description?: string;
  icon?: string;
  version?: string;
  private?: boolean;
  trigger?: boolean;
  tick?: boolean;
  webhook?: boolean;
  auth?: { service: string; scope?: string[] };
  properties?: { schema?: JsonSchema; inspector?: InspectorDefinition };
  inPorts?: (string | InPort)[];
  outPorts?: (string | OutPort)[];
  [more: string]: unknown;
}

export interface InPort {
  name: string;
  schema?: JsonSchema;
  inspector?: InspectorDefinition;
  source?: DynamicSource;
  [more: string]: unknown;
}

export interface OutPort {
  name: string;
  label?: string;
  schema?: JsonSchema;
  options?: { label?: string; value: string; schema?: JsonSchema }[];
  source?: DynamicSource;
  [more: string]: unknown;
}

export interface InspectorDefinition {
  inputs?: Record<string, InspectorInput>;
  groups?: Record<string, { label?: string; index?: number; closed?: boolean }>;
}

export interface InspectorInput {
  type: string;
  label?: string;
  tooltip?: string;
  group?: string;
  index?: number;
  defaultValue?: unknown;
  options?: unknown;
  source?: DynamicSource;
  when?: unknown;
  [more: string]: unknown;
}

export interface DynamicSource {
  url: string;
  data?: { transform?: string; messages?: Record<string, unknown>; properties?: Record<string, unknown> };
}

export type JsonSchema = Record<string, unknown>;
