// A text with variables in it, to be edited. The text is the browser's (contenteditable): React gives it its value only when that
// differs from what stands there. A variable is a button in the text; it opens what is done to it.
import { Input } from '@mantine/core';
import { type ClipboardEvent, type KeyboardEvent, type MouseEvent, type Ref, useId, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import classes from '../inspector.module.css';
import { type Entries, partsOf, placeholder, placeholdersIn } from './template';
import { caretBehind, caretIn, chipIn, isCaretPlaceBeside, render, serialise, setCaret } from './template_dom';

export interface TemplateEditorHandle {
  /** The text with a variable put in where the caret is, or was last. */
  withInserted: (id: string) => string;
  focusBehind: (id: string) => void;
  focusOn: (id: string) => void;
  focus: () => void;
}

interface Props {
  label: string;
  hint?: string;
  error?: string;
  required: boolean;
  readOnly: boolean;
  placeholder?: string;
  multiline: boolean;
  code: boolean;
  value: string;
  entries: Entries;
  /** What a variable is called. */
  nameOf: (id: string) => string;
  change: (value: string) => void;
  open: (id: string) => void;
  handle: Ref<TemplateEditorHandle>;
}

export function TemplateEditor(props: Props) {
  const { label, hint, error, required, readOnly, multiline, code, value, entries, nameOf, change, open, handle } = props;
  const root = useRef<HTMLDivElement>(null);
  const caret = useRef<number>(undefined);
  /** Where it has to be after the text was made anew. */
  const nextCaret = useRef<number>(undefined);
  const id = useId();

  useLayoutEffect(() => {
    const element = root.current!;
    const shown = [...element.querySelectorAll<HTMLElement>('[data-variable]')];
    const unknown = shown.some(chip => !(chip.dataset.variable! in entries)) || [...placeholdersIn(value)].filter(one => one in entries).length > shown.length;
    if (serialise(element) !== value || unknown) {
      render(element, partsOf(value, entries), chipOf);
      if (nextCaret.current !== undefined) {
        setCaret(element, nextCaret.current);
      }
    }
    nextCaret.current = undefined;
    for (const chip of element.querySelectorAll<HTMLElement>('[data-variable]')) {
      name(chip, nameOf(chip.dataset.variable!));
    }
  });

  useImperativeHandle(handle, () => ({
    withInserted: variable => {
      const at = Math.min(caret.current ?? value.length, value.length);
      return value.slice(0, at) + placeholder(variable) + value.slice(at);
    },
    focusBehind: variable => caretBehind(root.current!, variable),
    focusOn: variable => chipIn(root.current!, variable)?.focus(),
    focus: () => root.current!.focus(),
  }));

  const keepCaret = () => {
    caret.current = caretIn(root.current!) ?? caret.current;
  };
  const changed = () => {
    keepCaret();
    change(serialise(root.current!));
  };
  /** `value` with `text` in place of what is between. */
  const replace = (from: number, to: number, text: string) => {
    nextCaret.current = from + text.length;
    caret.current = nextCaret.current;
    change(value.slice(0, from) + text + value.slice(to));
  };
  const keyDown = (event: KeyboardEvent) => {
    const at = isChip(event.target) ? undefined : caretIn(root.current!);
    if ((event.key === 'Backspace' || event.key === 'Delete') && at !== undefined && window.getSelection()?.isCollapsed === true) {
      const back = event.key === 'Backspace';
      const near = (back ? /\{\{\{([^{}]+)\}\}\}$/ : /^\{\{\{([^{}]+)\}\}\}/).exec(back ? value.slice(0, at) : value.slice(at));
      const isVariable = near !== null && near[1]! in entries;
      // Nothing would be seen to happen to what only keeps a place for the caret.
      if (isVariable || isCaretPlaceBeside(back)) {
        event.preventDefault();
        const one = isVariable ? near[0] : (back ? [...value.slice(0, at)].at(-1) : [...value.slice(at)][0]) ?? '';
        replace(back ? at - one.length : at, back ? at : at + one.length, '');
      }
    }
    if (event.key === 'Enter' && !isChip(event.target)) {
      event.preventDefault();
      if (multiline) {
        document.execCommand('insertLineBreak');
      }
    }
  };
  const paste = (event: ClipboardEvent) => {
    event.preventDefault();
    const text = event.clipboardData.getData('text/plain');
    if (placeholdersIn(text).size === 0) {
      document.execCommand('insertText', false, multiline ? text : text.replace(/\r?\n/g, ' '));
    } else {
      const at = caretIn(root.current!) ?? value.length;
      replace(at, at, text);
    }
  };
  /** Copied text names its variables as the flow does, so that it can be pasted. */
  const copy = (event: ClipboardEvent) => {
    const range = window.getSelection()?.rangeCount ? window.getSelection()!.getRangeAt(0) : undefined;
    if (range !== undefined) {
      event.preventDefault();
      event.clipboardData.setData('text/plain', serialise(range.cloneContents()));
      if (event.type === 'cut') {
        document.execCommand('delete');
      }
    }
  };
  const click = (event: MouseEvent) => {
    const chip = (event.target as HTMLElement).closest<HTMLElement>('[data-variable]');
    if (chip !== null) {
      open(chip.dataset.variable!);
    }
  };

  const describedBy = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <Input.Wrapper
      label={label}
      labelElement="div"
      labelProps={{ id: `${id}-label` }}
      withAsterisk={required}
      description={hint}
      descriptionProps={{ id: `${id}-hint` }}
      error={error}
      errorProps={{ id: `${id}-error` }}
    >
      <div
        ref={root}
        className={classes.editor}
        data-multiline={multiline || undefined}
        data-code={code || undefined}
        data-placeholder={props.placeholder}
        data-empty={value === '' || undefined}
        role="textbox"
        tabIndex={0}
        contentEditable={!readOnly}
        suppressContentEditableWarning
        spellCheck={!code}
        aria-labelledby={`${id}-label`}
        aria-describedby={describedBy}
        aria-multiline={multiline}
        aria-required={required}
        aria-readonly={readOnly}
        aria-invalid={error !== undefined}
        onInput={changed}
        onKeyDown={keyDown}
        onKeyUp={keepCaret}
        onMouseUp={keepCaret}
        onBlur={keepCaret}
        onPaste={paste}
        onCopy={copy}
        onCut={copy}
        onDrop={event => event.preventDefault()}
        onClick={click}
      />
    </Input.Wrapper>
  );
}

function isChip(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.dataset.variable !== undefined;
}

function chipOf(id: string): HTMLElement {
  const chip = document.createElement('button');
  chip.type = 'button';
  chip.contentEditable = 'false';
  chip.className = classes.chip!;
  chip.dataset.variable = id;
  return chip;
}

function name(chip: HTMLElement, text: string): void {
  if (chip.textContent !== text) {
    chip.textContent = text;
    chip.setAttribute('aria-label', `Variable ${text}`);
    chip.title = text;
  }
}
