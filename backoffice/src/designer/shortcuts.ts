// Keys and the clipboard of the Designer. They leave fields, dialogs and selected text alone.
import { useEffect, useRef } from 'react';

export interface Shortcuts {
  undo: () => void;
  redo: () => void;
  selectAll: () => void;
  duplicate: () => void;
  /** The selected components as text; '' when none are. */
  copy: () => string;
  remove: () => void;
  paste: (text: string) => void;
  readOnly: boolean;
}

export const KEYS: [keys: string, what: string][] = [
  ['F6', 'Goes on to the list of components, the canvas, the panel'],
  ['Tab', 'On the canvas: the next component or link'],
  ['Enter, Space', 'Selects it'],
  ['Arrow keys', 'Move what is selected; faster with Shift'],
  ['Delete', 'Removes what is selected'],
  ['Escape', 'Selects nothing'],
  ['Ctrl+A', 'Selects all components'],
  ['Ctrl+C, Ctrl+X, Ctrl+V', 'Copy, cut, paste, also into another flow'],
  ['Ctrl+D', 'Duplicates what is selected'],
  ['Ctrl+Z', 'Undoes the last change'],
  ['Ctrl+Shift+Z, Ctrl+Y', 'Does it again'],
];

export function useShortcuts(shortcuts: Shortcuts): void {
  const now = useRef(shortcuts);
  useEffect(() => {
    now.current = shortcuts;
  });
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    document.addEventListener('keydown', event => onKey(event, now.current), { signal });
    document.addEventListener('copy', event => onCopy(event, now.current), { signal });
    document.addEventListener('cut', event => onCopy(event, now.current) && now.current.remove(), { signal });
    document.addEventListener('paste', event => onPaste(event, now.current), { signal });
    return () => ending.abort();
  }, []);
}

function onKey(event: KeyboardEvent, { undo, redo, selectAll, duplicate, readOnly }: Shortcuts): void {
  if (event.key === 'F6') {
    event.preventDefault();
    focusNextRegion(event.shiftKey);
    return;
  }
  if (!(event.ctrlKey || event.metaKey) || event.altKey || isElsewhere(event.target)) {
    return;
  }
  const keys = `${event.shiftKey ? 'shift+' : ''}${event.key.toLowerCase()}`;
  const act = { z: undo, 'shift+z': redo, y: redo, d: duplicate, a: selectAll }[keys];
  if (act !== undefined) {
    event.preventDefault();
    if (!readOnly || act === selectAll) {
      act();
    }
  }
}

function onCopy(event: ClipboardEvent, { copy, readOnly }: Shortcuts): boolean {
  const text = isElsewhere(event.target) || !(document.getSelection()?.isCollapsed ?? true) ? '' : copy();
  if (text === '') {
    return false;
  }
  event.clipboardData?.setData('text/plain', text);
  event.preventDefault();
  return !readOnly;
}

function onPaste(event: ClipboardEvent, { paste, readOnly }: Shortcuts): void {
  if (!isElsewhere(event.target) && !readOnly) {
    paste(event.clipboardData?.getData('text/plain') ?? '');
  }
}

function isElsewhere(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"]') !== null;
}

function focusNextRegion(back: boolean): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')];
  const at = regions.findIndex(region => region.contains(document.activeElement));
  const next = back ? (at <= 0 ? regions.length : at) - 1 : (at + 1) % regions.length;
  regions[next]?.focus();
}
