// One variable of a field: where it comes from, and what is done to it, in order. Nothing is changed until "Apply".
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Link } from '../edits';
import { ModifierList } from './ModifierList';
import { type Entry, type ModifierCall, readVariable, writeVariable } from './template';
import { TryOut } from './TryOut';
import { useVariableNames } from './use_variable_names';

interface Props {
  entry: Entry;
  link: Link;
  readOnly: boolean;
  close: () => void;
  remove: () => void;
  change: (entry: Entry) => void;
}

export function VariableDialog({ entry, link, readOnly, close, remove, change }: Props) {
  const names = useVariableNames(link);
  const [edited, setEdited] = useState(entry);
  const place = edited.variable === undefined ? undefined : readVariable(edited.variable);
  const setFunctions = (functions: ModifierCall[]) => setEdited({ ...edited, functions });
  return (
    <Modal opened onClose={close} title={names.nameOf(entry)} size="lg" returnFocus={false} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        {place === undefined ? (
          <Text size="sm">{edited.variable ?? 'This value is made by the flow itself, not by a component.'}</Text>
        ) : (
          <>
            <Text size="sm">
              From <b>{names.componentName(place.componentId)}</b>, out port {place.port}.
            </Text>
            <TextInput
              label="Path in what it sends"
              description="Names separated by dots. Empty: all of it."
              readOnly={readOnly}
              value={place.path}
              onChange={event => setEdited({ ...edited, variable: writeVariable({ ...place, path: event.currentTarget.value.trim() }) })}
            />
          </>
        )}
        <ModifierList functions={edited.functions ?? []} link={link} readOnly={readOnly} change={setFunctions} />
        <TryOut entry={edited} />
        <Group justify="space-between">
          {readOnly ? (
            <span />
          ) : (
            <Button variant="subtle" color="red" onClick={remove}>
              Remove the variable
            </Button>
          )}
          <Group>
            <Button variant="default" onClick={close}>
              {readOnly ? 'Close' : 'Cancel'}
            </Button>
            {!readOnly && <Button onClick={() => change(edited)}>Apply</Button>}
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}
