// A polite live region: what a screen reader says when something on the page changed by itself.
// At most one message in two seconds; the newest wins.
const BETWEEN_MS = 2000;

let region: HTMLElement | null = null;
let last = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;

export function announce(message: string): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => say(message), Math.max(0, last + BETWEEN_MS - Date.now()));
}

function say(message: string): void {
  last = Date.now();
  region ??= makeRegion();
  region.textContent = message;
}

function makeRegion(): HTMLElement {
  const made = document.createElement('div');
  made.setAttribute('role', 'status');
  made.setAttribute('aria-live', 'polite');
  made.className = 'only-spoken';
  document.body.append(made);
  return made;
}
