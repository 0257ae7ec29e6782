// Spans of time to look at, and how they are cut for a chart. Messages are counted by the hour, so slices are whole hours (UTC).
const HOUR = 3_600_000;

export interface Slice {
  /** ms since 1970; `to` is not included. */
  from: number;
  to: number;
}

export interface Range {
  value: string;
  label: string;
  hours: number;
  /** Of one slice. */
  step: number;
}

export const RANGES: Range[] = [
  { value: '6h', label: '6 hours', hours: 6, step: 1 },
  { value: '24h', label: '24 hours', hours: 24, step: 2 },
  { value: '7d', label: '7 days', hours: 168, step: 12 },
  { value: '30d', label: '30 days', hours: 720, step: 48 },
];
const USUAL = RANGES[1]!;

export const rangeOf = (value: string | null): Range => RANGES.find(range => range.value === value) ?? USUAL;

/** Slices that end with the hour under way. */
export function slicesOf({ hours, step }: Range, now: number): Slice[] {
  const end = (Math.floor(now / HOUR) + 1) * HOUR;
  return Array.from({ length: hours / step }, (_, at) => {
    const from = end - hours * HOUR + at * step * HOUR;
    return { from, to: from + step * HOUR };
  });
}

export const wholeOf = (slices: Slice[]): Slice => ({ from: slices[0]!.from, to: slices.at(-1)!.to });

const hour = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** Where a slice begins, as short as the range allows. */
export const sliceLabel = ({ hours }: Range, { from }: Slice): string => (hours <= 24 ? hour : day).format(from);
