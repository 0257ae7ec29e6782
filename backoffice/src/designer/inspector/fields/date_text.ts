// Dates as flows keep them and as the browser's inputs do. `config.format` is in moment's tokens; without one a time is an ISO 8601
// text in UTC and a date is YYYY-MM-DD.

export interface DateConfig {
  enableTime?: boolean;
  format?: string;
}

const TOKENS = /YYYY|MM|DD|HH|mm|ss/g;

export function hasTime({ enableTime }: DateConfig): boolean {
  return enableTime !== false;
}

/** For an input of type datetime-local or date, in the browser's time zone. Undefined: it cannot be shown there. */
export function toInput(stored: string, config: DateConfig): string | undefined {
  if (stored === '') {
    return '';
  }
  const parts = config.format === undefined ? undefined : partsOf(stored, config.format);
  const date = parts ?? (isIso(stored) ? localParts(stored, hasTime(config)) : undefined);
  if (date === undefined) {
    return undefined;
  }
  const day = `${date.YYYY}-${date.MM}-${date.DD}`;
  return hasTime(config) ? `${day}T${date.HH}:${date.mm}` : day;
}

export function fromInput(typed: string, config: DateConfig): string {
  if (typed === '') {
    return '';
  }
  if (config.format !== undefined && canWrite(config.format)) {
    const [day = '', time = '00:00'] = typed.split('T');
    const [YYYY, MM, DD] = day.split('-');
    const [HH, mm, ss = '00'] = time.split(':');
    const parts: Record<string, string | undefined> = { YYYY, MM, DD, HH, mm, ss };
    return config.format.replace(TOKENS, token => parts[token] ?? token);
  }
  return hasTime(config) ? new Date(typed).toISOString() : typed;
}

function isIso(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}(T.*)?$/.test(text) && !Number.isNaN(Date.parse(text));
}

function localParts(stored: string, withTime: boolean): Record<string, string> {
  const [YYYY = '', MM = '', DD = ''] = stored.slice(0, 10).split('-');
  if (!withTime) {
    return { YYYY, MM, DD };
  }
  const date = new Date(stored);
  const two = (number: number) => String(number).padStart(2, '0');
  return {
    YYYY: String(date.getFullYear()).padStart(4, '0'),
    MM: two(date.getMonth() + 1),
    DD: two(date.getDate()),
    HH: two(date.getHours()),
    mm: two(date.getMinutes()),
  };
}

/** Of the format nothing is left but tokens and what stands between them. */
function canWrite(format: string): boolean {
  return !/[A-Za-z]/.test(format.replace(TOKENS, '').replace(/T|Z/g, ''));
}

function partsOf(stored: string, format: string): Record<string, string> | undefined {
  const names: string[] = [];
  const escaped = format.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = escaped.replace(TOKENS, token => {
    names.push(token);
    return `(\\d{${token.length}})`;
  });
  const match = canWrite(format) ? new RegExp(`^${pattern}$`).exec(stored) : null;
  return match === null ? undefined : { HH: '00', mm: '00', ...Object.fromEntries(names.map((name, at) => [name, match[at + 1]!])) };
}
