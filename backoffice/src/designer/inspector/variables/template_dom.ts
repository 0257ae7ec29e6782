// A text with variables as DOM, inside an element with `contenteditable`: text, <br>, and a button for each variable.
import { placeholder, type Part } from './template';

/** Stands beside variables, so that the caret has a place there. Never part of a value. */
const CARET_PLACE = '\u200b';

export function render(root: HTMLElement, parts: Part[], chip: (id: string) => HTMLElement): void {
  const nodes: Node[] = [];
  let afterChip = true;
  for (const part of parts) {
    if ('id' in part) {
      if (afterChip) {
        nodes.push(document.createTextNode(CARET_PLACE));
      }
      nodes.push(chip(part.id));
      afterChip = true;
    } else {
      part.text.split('\n').forEach((line, at) => {
        if (at > 0) {
          nodes.push(document.createElement('br'));
        }
        if (line !== '') {
          nodes.push(document.createTextNode(line));
        }
      });
      afterChip = false;
    }
  }
  const last = nodes.at(-1);
  if (last instanceof HTMLElement) {
    // A line break at the end shows only when something follows it.
    nodes.push(last.tagName === 'BR' ? document.createElement('br') : document.createTextNode(CARET_PLACE));
  }
  root.replaceChildren(...nodes);
}

export function serialise(root: Node): string {
  const text = [...root.childNodes].map(textOf).join('');
  return root.lastChild instanceof HTMLBRElement ? text.slice(0, -1) : text;
}

function textOf(node: Node): string {
  if (node instanceof HTMLElement) {
    const id = node.dataset.variable;
    return id !== undefined ? placeholder(id) : node.tagName === 'BR' ? '\n' : [...node.childNodes].map(textOf).join('');
  }
  return (node.textContent ?? '').replaceAll(CARET_PLACE, '');
}

/** Where in the text the caret is; undefined when it is not in it. */
export function caretIn(root: HTMLElement): number | undefined {
  const selection = window.getSelection();
  if (selection === null || selection.rangeCount === 0 || !root.contains(selection.anchorNode)) {
    return undefined;
  }
  const before = document.createRange();
  before.setStart(root, 0);
  const { endContainer, endOffset } = selection.getRangeAt(0);
  before.setEnd(endContainer, endOffset);
  return [...before.cloneContents().childNodes].map(textOf).join('').length;
}

export function chipIn(root: HTMLElement, id: string): HTMLElement | undefined {
  return [...root.querySelectorAll<HTMLElement>('[data-variable]')].find(one => one.dataset.variable === id);
}

/** Behind the variable. */
export function caretBehind(root: HTMLElement, id: string): void {
  const chip = chipIn(root, id);
  if (chip !== undefined) {
    root.focus();
    window.getSelection()?.collapse(chip.nextSibling ?? root, chip.nextSibling === null ? root.childNodes.length : 0);
  }
}

/** Puts the caret where `caretIn` says that it is. */
export function setCaret(root: HTMLElement, offset: number): void {
  let at = 0;
  const nodes = [...root.childNodes];
  for (const [index, node] of nodes.entries()) {
    const length = textOf(node).length;
    if (node instanceof Text && length > 0 && offset <= at + length) {
      window.getSelection()?.collapse(node, offset - at);
      return;
    }
    if (offset <= at) {
      window.getSelection()?.collapse(root, index);
      return;
    }
    at += length;
  }
  window.getSelection()?.collapse(root, nodes.length);
}

export function isCaretPlaceBeside(before: boolean): boolean {
  const selection = window.getSelection();
  const text = selection?.anchorNode instanceof Text ? selection.anchorNode.data : '';
  return text.charAt((selection?.anchorOffset ?? 0) - (before ? 1 : 0)) === CARET_PLACE;
}
