// Bringing a field into view, with the focus in it.

const FOCUSABLE = 'input:not([type="hidden"]), textarea, [role="textbox"], button';
const PATIENCE_MS = 5000;

/**
 * Waits until the field is there: groups open, and forms may have to be loaded. `path`: "in/subject"; "subject" alone is the first
 * of that name. The function it gives ends the waiting.
 */
export function focusField(root: HTMLElement, path: string): () => void {
  const tryIt = (): boolean => {
    const fields = [...root.querySelectorAll<HTMLElement>('[data-field]')];
    const field = fields.find(one => one.dataset.field === path) ?? fields.find(one => one.dataset.field?.split('/').at(-1) === path.split(/[./]/).at(-1));
    const target = field?.querySelector<HTMLElement>(FOCUSABLE);
    if (target === null || target === undefined || target.offsetParent === null) {
      return false;
    }
    field!.scrollIntoView({ block: 'center' });
    target.focus({ preventScroll: true });
    return true;
  };
  if (tryIt()) {
    return () => {};
  }
  const observer = new MutationObserver(() => tryIt() && end());
  observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['style', 'hidden', 'aria-hidden'] });
  const timer = setTimeout(() => end(), PATIENCE_MS);
  const end = () => {
    observer.disconnect();
    clearTimeout(timer);
  };
  return end;
}
