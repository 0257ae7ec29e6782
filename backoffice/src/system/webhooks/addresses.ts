// Receivers as people edit them, one on a line, and as the configuration keeps them: one text, separated by commas.
const MOST = 20;

export function toLines(value: unknown): string {
  const list = Array.isArray(value) ? value.map(String) : String(value ?? '').split(',');
  return list
    .map(one => one.trim())
    .filter(one => one !== '')
    .join('\n');
}

export function linesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map(line => line.trim())
    .filter(line => line !== '');
}

/** What is wrong with the lines, or null. */
export function problemOf(text: string): string | null {
  const lines = linesOf(text);
  const wrong = lines.find(line => !isAddress(line));
  if (wrong !== undefined) {
    return `“${wrong}” is no http or https address.`;
  }
  if (new Set(lines).size < lines.length) {
    return 'An address stands here twice.';
  }
  return lines.length > MOST ? `At most ${MOST} addresses are told of an event.` : null;
}

function isAddress(line: string): boolean {
  return URL.canParse(line) && /^https?:$/.test(new URL(line).protocol);
}
