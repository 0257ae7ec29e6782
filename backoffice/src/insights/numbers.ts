// Numbers as the charts and their tables say them.

export const count = (number: number) => number.toLocaleString('en');

export function duration(ms: number): string {
  if (ms < 1000) {
    return `${ms} ms`;
  }
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${(ms / 60_000).toFixed(1)} min`;
}

export function share(failed: number, done: number): string {
  const all = failed + done;
  return all === 0 ? '–' : `${((100 * failed) / all).toFixed(failed === 0 || failed === all ? 0 : 1)} %`;
}
