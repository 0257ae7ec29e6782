// A field whose value is a template: its text, the button that puts a variable in, and the dialogs behind both.
import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconArrowBackUp, IconVariablePlus } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import classes from '../inspector.module.css';
import { asText, type FieldProps, frameOf } from '../fields/field_props';
import { type Entry, partsOf } from './template';
import { TemplateEditor, type TemplateEditorHandle } from './TemplateEditor';
import { useVariableNames } from './use_variable_names';
import { VariableDialog } from './VariableDialog';
import { VariablePicker } from './VariablePicker';

interface Props extends FieldProps {
  multiline?: boolean;
  code?: boolean;
  /** Back to the control for a fixed value. */
  leave?: () => void;
  /** The list of variables is open at once. */
  picking?: boolean;
}

export function TemplateField(props: Props) {
  const { variables, label, multiline = false, code = false, leave, change } = props;
  const { entries, link } = variables!;
  const { label: _, description, error, withAsterisk, readOnly, placeholder } = frameOf(props);
  const [picking, setPicking] = useState(props.picking ?? false);
  const [opened, setOpened] = useState<string | null>(null);
  const editor = useRef<TemplateEditorHandle>(null);
  const insertButton = useRef<HTMLButtonElement>(null);
  /** Where the focus goes when the dialog that is open closes. */
  const focusNext = useRef<() => void>(undefined);
  const names = useVariableNames(link);
  const json = useJsonText(props.value, change);

  useEffect(() => {
    if (!picking && opened === null) {
      focusNext.current?.();
      focusNext.current = undefined;
    }
  });
  const closePicker = (focus: () => void) => {
    focusNext.current = focus;
    setPicking(false);
  };
  const closeVariable = (focus: () => void) => {
    focusNext.current = focus;
    setOpened(null);
  };
  const insert = (entry: Entry) => {
    const id = crypto.randomUUID();
    change(json.valueOf(editor.current!.withInserted(id)), { [id]: entry });
    closePicker(() => editor.current?.focusBehind(id));
  };
  const remove = (id: string) => {
    const kept = partsOf(json.text, entries).filter(part => !('id' in part) || part.id !== id);
    change(json.valueOf(kept.map(part => ('id' in part ? `{{{${part.id}}}}` : part.text)).join('')));
    closeVariable(() => editor.current?.focus());
  };
  return (
    <div className={classes.field}>
      <TemplateEditor
        label={label}
        hint={description}
        error={error}
        required={withAsterisk}
        readOnly={readOnly}
        placeholder={placeholder}
        multiline={multiline || code}
        code={code}
        value={json.text}
        entries={entries}
        nameOf={id => names.nameOf(entries[id] ?? {})}
        change={text => json.change(text)}
        open={setOpened}
        handle={editor}
      />
      {!readOnly && (
        <Group gap={2} className={classes.actions}>
          {leave !== undefined && (
            <Tooltip label="Use a fixed value">
              <ActionIcon variant="subtle" size="sm" color="gray" aria-label={`Use a fixed value for ${label}`} onClick={leave}>
                <IconArrowBackUp size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          <Tooltip label="Insert a variable">
            <ActionIcon ref={insertButton} variant="subtle" size="sm" aria-label={`Insert a variable into ${label}`} onClick={() => setPicking(true)}>
              <IconVariablePlus size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
      <VariablePicker
        opened={picking}
        link={link}
        options={props.options}
        close={() => closePicker(() => insertButton.current?.focus())}
        pick={insert}
        pickText={text => {
          change(text);
          closePicker(() => editor.current?.focus());
        }}
      />
      {opened !== null && entries[opened] !== undefined && (
        <VariableDialog
          entry={entries[opened]}
          link={link}
          readOnly={readOnly}
          close={() => closeVariable(() => editor.current?.focusOn(opened))}
          remove={() => remove(opened)}
          change={entry => {
            change(props.value, { [opened]: entry });
            closeVariable(() => editor.current?.focusOn(opened));
          }}
        />
      )}
    </div>
  );
}

/**
 * A value that is an object shows as JSON, and stays an object as long as what is written can be read as one. The text is kept
 * as it was typed.
 */
function useJsonText(value: unknown, change: FieldProps['change']) {
  const [typed, setTyped] = useState('');
  const isObject = typeof value === 'object' && value !== null;
  const read = (text: string): unknown => {
    const parsed = isObject ? objectIn(text) : undefined;
    return parsed ?? (text === '' ? undefined : text);
  };
  return {
    text: isObject && JSON.stringify(objectIn(typed)) === JSON.stringify(value) ? typed : asText(value),
    valueOf: read,
    change: (text: string) => {
      setTyped(text);
      change(read(text));
    },
  };
}

function objectIn(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
