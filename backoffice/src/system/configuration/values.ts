// Values of settings as people type them and as JSON. A number stays a number and a text a text: clients compare what they wrote.

export type ValueKind = 'text' | 'number' | 'flag' | 'json';

const SECRET = /(secret|passw|token|private|apikey|api_key|_pass$|^pass$)/i;

export const isSecret = (key: string) => SECRET.test(key);

export function kindOf(value: unknown): ValueKind {
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'flag';
    default:
      return 'json';
  }
}

export function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What is wrong with a typed text of a kind, or null. */
export function problemOf(kind: ValueKind, text: string): string | null {
  if (kind === 'number') {
    return text.trim() !== '' && Number.isFinite(Number(text)) ? null : 'This must be a number.';
  }
  if (kind === 'flag') {
    return text === 'true' || text === 'false' ? null : 'Choose yes or no.';
  }
  if (kind === 'json') {
    try {
      JSON.parse(text);
      return null;
    } catch {
      return 'This is no JSON: texts stand in double quotes, lists in [ ].';
    }
  }
  return null;
}

export function valueOf(kind: ValueKind, text: string): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'number':
      return Number(text);
    case 'flag':
      return text === 'true';
    case 'json':
      return JSON.parse(text);
  }
}

const BYTES = ['bytes', 'KiB', 'MiB', 'GiB'];

/** 134217728 bytes → "128 MiB", 86400000 ms → "24 h"; nothing where that says no more. */
export function readable(text: string, unit: 'ms' | 'bytes' | 'days' | undefined): string {
  const number = Number(text);
  if (!Number.isFinite(number) || number <= 0) {
    return '';
  }
  if (unit === 'bytes') {
    const step = Math.min(BYTES.length - 1, Math.floor(Math.log2(number) / 10));
    return `${round(number / 1024 ** step)} ${BYTES[step]}`;
  }
  if (unit === 'ms') {
    const [size, name] = number >= 86_400_000 * 2 ? [86_400_000, 'days'] : number >= 3_600_000 ? [3_600_000, 'h'] : number >= 60_000 ? [60_000, 'min'] : [1000, 's'];
    return `${round(number / (size as number))} ${name}`;
  }
  return unit === 'days' ? `${number} days` : '';
}

const round = (number: number) => Math.round(number * 10) / 10;
