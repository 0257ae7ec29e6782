// A point in time as people say it; the absolute one is in the tooltip and in what a screen reader says.
import { Text, Tooltip } from '@mantine/core';

const STEPS: [limitSeconds: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [60, 'second', 1],
  [3600, 'minute', 60],
  [86_400, 'hour', 3600],
  [30 * 86_400, 'day', 86_400],
  [365 * 86_400, 'month', 30 * 86_400],
  [Infinity, 'year', 365 * 86_400],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' });

/** `at`: an ISO text or milliseconds. Nothing for no time. */
export function Time({ at }: { at: string | number | null | undefined }) {
  if (at === null || at === undefined || at === '') {
    return <Text span>–</Text>;
  }
  const date = new Date(at);
  const exact = absolute.format(date);
  return (
    <Tooltip label={exact}>
      <time dateTime={date.toISOString()} aria-label={exact}>
        {relativeTime(date)}
      </time>
    </Tooltip>
  );
}

export function relativeTime(date: Date, now = Date.now()): string {
  const seconds = Math.round((date.getTime() - now) / 1000);
  const [, unit, size] = STEPS.find(([limit]) => Math.abs(seconds) < limit)!;
  return relative.format(Math.round(seconds / size), unit);
}
