// The key/value settings of the service that a connector's accounts and components read (rest-api §17). Values keep their
// JSON type: what was no text is shown as JSON and goes back as what it was.
import { useQuery } from '@tanstack/react-query';
import { ApiError, call } from '../../api/call';
import type { ConnectorDetails } from '../api';

export type Settings = Record<string, unknown>;

export interface SettingRow {
  key: string;
  text: string;
  /** Shown as JSON: it is a number, a boolean or more. */
  json: boolean;
}

export function serviceOf({ auth, name }: ConnectorDetails): string {
  return auth?.service ?? name.replaceAll('.', ':');
}

export function useServiceConfiguration(serviceId: string) {
  return useQuery({ queryKey: ['service-config', serviceId], queryFn: ({ signal }) => fetchSettings(serviceId, signal) });
}

export const saveSettings = (serviceId: string, settings: Settings): Promise<Settings> =>
  call('PUT /service-config/:serviceId', { params: { serviceId }, body: settings });

async function fetchSettings(serviceId: string, signal: AbortSignal): Promise<Settings> {
  try {
    const { serviceId: _, ...settings }: Settings = await call('GET /service-config/:serviceId', { params: { serviceId }, signal });
    return settings;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return {};
    }
    throw error;
  }
}

/** What is stored, then the required keys that are not. */
export function toRows(settings: Settings, required: string[]): SettingRow[] {
  const stored = Object.entries(settings).map(([key, value]) =>
    typeof value === 'string' ? { key, text: value, json: false } : { key, text: JSON.stringify(value), json: true },
  );
  return [...stored, ...required.filter(key => !(key in settings)).map(key => ({ key, text: '', json: false }))];
}

/** Required keys without a value are not stored: they would count as set. */
export function toSettings(rows: SettingRow[], required: string[]): Settings {
  const kept = rows.filter(({ key, text }) => text !== '' || !required.includes(key));
  return Object.fromEntries(kept.map(({ key, text, json }) => [key.trim(), json ? JSON.parse(text) : text]));
}

/** What keeps a row from being saved. */
export function problemOf({ key, text, json }: SettingRow, all: SettingRow[]): { key?: string; text?: string } {
  if (key.trim() === '' || key.trim() === 'serviceId') {
    return { key: 'Give the setting a name of its own.' };
  }
  if (all.filter(other => other.key.trim() === key.trim()).length > 1) {
    return { key: 'There is already a setting of this name.' };
  }
  return json && !isJson(text) ? { text: 'This was no text and must stay JSON, such as 5 or true.' } : {};
}

export function isSecret(key: string): boolean {
  return /secret|password|token|private|api_?key/i.test(key);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
