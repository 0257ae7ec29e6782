// Sets one key. Of a key that the server knows, kind and meaning are given; of others they are chosen.
import { Autocomplete, Modal, Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { FormButtons } from '../../parts/FormButtons';
import { done } from '../../parts/notify';
import { Failed } from '../../parts/States';
import { type Pair, useConfigurationChanges } from './api';
import { KNOWN_KEYS, knownKey } from './known_keys';
import { ValueField } from './ValueField';
import { kindOf, problemOf, readable, shown, type ValueKind, valueOf } from './values';

interface Props {
  /** Of an edit; `value` undefined: known, but not set. */
  pair?: { key: string; value?: unknown };
  /** Keys that are set: a new one may not be among them. */
  taken: Pair[];
  close: () => void;
}

const KINDS = [
  { value: 'text', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'flag', label: 'Yes or no' },
  { value: 'json', label: 'JSON' },
];

export function KeyDialog({ pair, taken, close }: Props) {
  const { put } = useConfigurationChanges();
  const [key, setKey] = useState(pair?.key ?? '');
  const [chosen, setChosen] = useState<ValueKind>(pair?.value === undefined ? 'text' : kindOf(pair.value));
  const [text, setText] = useState(pair?.value === undefined ? '' : shown(pair.value));
  const [tried, setTried] = useState(false);
  const known = knownKey(key);
  const isSet = pair?.value !== undefined;
  // What is set keeps its kind where that is not the usual one: a number may have been stored as a text.
  const kind = isSet || known === undefined ? chosen : known.kind;
  const keyProblem = key.trim() === '' ? 'Name the key.' : pair === undefined && taken.some(one => one.key === key) ? 'This key is set already: edit it in the list.' : null;
  const mustBeNumber = known?.kind === 'number' && kind === 'text' ? problemOf('number', text) : null;
  const valueProblem = problemOf(kind, text) ?? mustBeNumber;
  const save = useMutation({
    mutationFn: () => put(key.trim(), valueOf(kind, text)),
    onSuccess: () => {
      done(`${key.trim()} is saved${known?.restart ? '; it counts from the next start of the server' : ''}.`);
      close();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (keyProblem === null && valueProblem === null) {
      save.mutate();
    }
  };
  const inWords = readable(text, known?.unit);
  return (
    <Modal opened onClose={close} title={pair === undefined ? 'Add a setting' : `Change ${pair.key}`} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={submit} noValidate>
        <Stack>
          {pair === undefined && (
            <Autocomplete
              label="Key"
              openOnFocus={false}
              data={KNOWN_KEYS.map(one => one.key).filter(one => !taken.some(other => other.key === one))}
              value={key}
              error={tried ? keyProblem : null}
              onChange={setKey}
              data-autofocus
              required
            />
          )}
          {known !== undefined && (
            <Text size="sm">
              {known.meaning}
              {known.standard !== '' && ` Without it: ${known.standard}.`}
              {known.restart === true && ' It counts from the next start of the server.'}
            </Text>
          )}
          {known === undefined && (
            <Select label="Kind of value" data={KINDS} value={kind} allowDeselect={false} onChange={value => setChosen((value ?? 'text') as ValueKind)} />
          )}
          <ValueField
            label="Value"
            name={key}
            kind={kind}
            text={text}
            error={tried ? valueProblem : null}
            hint={[known?.unit, inWords && `= ${inWords}`].filter(Boolean).join(' ') || undefined}
            change={setText}
          />
          {save.isError && <Failed what="The setting was not saved." error={save.error} />}
          <FormButtons verb="Save" busy={save.isPending} close={close} />
        </Stack>
      </form>
    </Modal>
  );
}
