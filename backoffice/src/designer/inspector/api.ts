// What the Inspector asks of the server (rest-api §7.9, §11, §13, §15, §16).
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../api/call';
import type { JsonSchema } from '../manifest';
import type { SourceCall } from './sources/source_call';
import type { Entries } from './variables/template';

export interface OfferedVariable {
  componentId: string;
  port: string;
  label: string;
  /** "{{{$.id.port.path}}}" */
  value: string;
  schema?: JsonSchema;
}

export interface FlowVariable {
  name: string;
  label: string;
}

export interface OfferedOnLink {
  variables: { dynamic?: OfferedVariable[]; errors?: { componentId: string; port?: string; message: string }[] };
}

interface VariablesAnswer {
  components: Record<string, { links?: Record<string, Record<string, Record<string, OfferedOnLink>>> }>;
  flow?: FlowVariable[];
}

export interface ModifierArgument {
  name: string;
  type: string;
  isHash?: boolean;
  isBlock?: boolean;
}

export interface Modifier {
  label?: string;
  category?: string[];
  type?: string;
  description?: string;
  arguments?: ModifierArgument[];
  variableArguments?: boolean;
  private?: boolean;
}

export interface Modifiers {
  categories: Record<string, { label?: string; index?: number }>;
  modifiers: Record<string, Modifier>;
}

export interface Account {
  accountId: string;
  name: string;
  displayName: string | null;
  accessTokenValid: boolean;
  componentAssigned: boolean;
}

export interface CredentialField {
  type?: string;
  name?: string;
  tooltip?: string;
  required?: boolean;
  options?: unknown[];
}

export interface AccountChoices {
  componentType: string;
  auth: { accounts: Record<string, Account>; type?: string; fields?: Record<string, CredentialField> };
}

export interface StoredFile {
  fileId: string;
  filename: string;
  length: number;
}

const KEEP_MS = 60_000;

/** What the links of a component, as they are saved, offer. */
export function useVariables(flowId: string, componentId: string, links: string, enabled: boolean) {
  return useQuery({
    queryKey: ['flows', 'variables', flowId, componentId, links],
    queryFn: ({ signal }): Promise<VariablesAnswer> =>
      call('POST /variables/:flowId/fetch', {
        params: { flowId },
        body: { components: { IDs: [componentId], links: true, properties: false } },
        signal,
      }),
    enabled,
    staleTime: KEEP_MS,
  });
}

export function useModifiers() {
  return useQuery({ queryKey: ['components', 'modifiers'], queryFn: ({ signal }): Promise<Modifiers> => call('GET /modifiers', { signal }), staleTime: KEEP_MS });
}

/** What a component answers for a form. `undefined`: nothing is asked. `account`: whose answer it is. */
export function useSourceAnswer(source: SourceCall | undefined, componentId: string, account: string | undefined) {
  return useQuery({
    queryKey: ['components', 'source', source, componentId, account],
    queryFn: ({ signal }): Promise<unknown> =>
      call('POST /component/:vendor/:service/:module/:component', {
        params: source!.params,
        query: { outPort: source!.outPort },
        body: { ...source!.body, componentId },
        signal,
      }),
    enabled: source !== undefined,
    staleTime: KEEP_MS,
  });
}

export function tryOut(entries: Entries, template: unknown, scope: Record<string, unknown>): Promise<{ value?: unknown }> {
  return call('POST /modifiers/transform', {
    body: { transform: { type: 'json2new', modifiers: { value: entries }, lambda: { value: template } }, scope },
  });
}

export function useAccountChoices(componentType: string, componentId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['components', 'accounts', componentType, componentId],
    queryFn: ({ signal }): Promise<AccountChoices> => call('GET /auth/:componentType', { params: { componentType }, query: { componentId }, signal }),
    enabled,
  });
}

/** A function that makes everything stale that depends on a component's account. */
export function useAccountChanged(): () => Promise<unknown> {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['components', 'accounts'] }),
      client.invalidateQueries({ queryKey: ['components', 'source'] }),
      client.invalidateQueries({ queryKey: ['flows'] }),
    ]);
}

export function assignAccount(flowId: string, componentId: string, accountId: string | null): Promise<unknown> {
  return accountId === null
    ? call('DELETE /auth/component/:componentId', { params: { componentId }, query: { flowId } })
    : call('PUT /auth/component/:componentId/:accountId', { params: { componentId, accountId }, query: { flowId } });
}

export function createAccount(service: string, displayName: string, token: Record<string, string>): Promise<{ accountId: string }> {
  return call('POST /accounts', { body: { service, displayName: displayName === '' ? undefined : displayName, token } });
}

export function useFiles(enabled: boolean) {
  return useQuery({
    queryKey: ['files'],
    queryFn: ({ signal }): Promise<StoredFile[]> => call('GET /files', { query: { limit: 200, sort: 'uploadDate:-1' }, signal }),
    enabled,
  });
}

export async function uploadFile(file: File): Promise<StoredFile> {
  const form = new FormData();
  form.append('file', file, file.name);
  const encoded = new Response(form);
  return call('POST /files', { body: await encoded.blob(), headers: { 'Content-Type': encoded.headers.get('Content-Type') ?? '' } });
}
