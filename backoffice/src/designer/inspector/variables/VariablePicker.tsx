// What can be put into a field: what each component before this one sends, what the flow itself tells, and the field's own choices.
import { Alert, Modal, ScrollArea, Stack, Text, TextInput, Title, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { announce } from '../../../parts/announce';
import { Failed, Loading } from '../../../parts/States';
import classes from '../inspector.module.css';
import type { Link } from '../edits';
import type { Option } from '../sources/options';
import type { Entry } from './template';
import { useVariableNames } from './use_variable_names';

interface Props {
  opened: boolean;
  link: Link;
  options: Option[];
  close: () => void;
  pick: (entry: Entry) => void;
  pickText: (text: unknown) => void;
}

interface Item {
  key: string;
  label: string;
  detail: string;
  pick: () => void;
}

export function VariablePicker(props: Props) {
  return (
    <Modal opened={props.opened} onClose={props.close} title="Insert a variable" returnFocus={false} closeButtonProps={{ 'aria-label': 'Close' }}>
      {props.opened && <Lists {...props} />}
    </Modal>
  );
}

function Lists({ link, options, pick, pickText }: Props) {
  const names = useVariableNames(link);
  const [search, setSearch] = useState('');
  const groups = new Map<string, Item[]>();
  const add = (group: string, item: Item) => groups.set(group, [...(groups.get(group) ?? []), item]);
  options.forEach(({ label, value }, at) => add('Choices of this field', { key: `option ${at}`, label, detail: String(value), pick: () => pickText(value) }));
  for (const { componentId, port, label, value } of names.offered) {
    const variable = value.slice(3, -3);
    add(names.componentName(componentId), {
      key: value,
      label,
      detail: variable.split('.').slice(2).join('.') || port,
      pick: () => pick({ variable, functions: [] }),
    });
  }
  names.flow.forEach(({ name, label }) => add('This flow', { key: name, label, detail: name, pick: () => pick({ functions: [{ name }] }) }));

  const wanted = search.trim().toLowerCase();
  const shown = [...groups]
    .map(([group, items]) => [group, items.filter(item => `${group} ${item.label} ${item.detail}`.toLowerCase().includes(wanted))] as const)
    .filter(([, items]) => items.length > 0);
  const count = shown.reduce((sum, [, items]) => sum + items.length, 0);
  return (
    <Stack gap="sm">
      <TextInput
        label="Search"
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search}
        data-autofocus
        onChange={event => {
          setSearch(event.currentTarget.value);
          announce(`${count} found`);
        }}
      />
      {names.query.isPending && <Loading what="variables" />}
      {names.query.isError && <Failed what="The variables could not be loaded." error={names.query.error} retry={() => void names.query.refetch()} />}
      {names.query.isSuccess && names.onLink === undefined && (
        <Alert color="yellow" title="Not saved yet">
          This connection is not saved yet. What it offers can be seen a moment after it is.
        </Alert>
      )}
      {names.onLink?.variables.errors?.map(({ componentId, message }, at) => (
        <Alert key={at} color="yellow" title={`${names.componentName(componentId)} does not say all that it sends`}>
          {message}
        </Alert>
      ))}
      <ScrollArea.Autosize mah="50vh" type="auto">
        <Stack gap="sm">
          {shown.map(([group, items]) => (
            <section key={group} aria-label={group}>
              <Title order={3} size="h6">
                {group}
              </Title>
              <ul className={classes.rows}>
                {items.map(item => (
                  <li key={item.key}>
                    <UnstyledButton className={classes.offered} onClick={item.pick}>
                      <VisuallyHidden>{group}: </VisuallyHidden>
                      <Text size="sm" span>
                        {item.label}
                      </Text>{' '}
                      {item.detail !== item.label && (
                        <Text size="xs" c="dimmed" span>
                          {item.detail}
                        </Text>
                      )}
                    </UnstyledButton>
                  </li>
                ))}
              </ul>
            </section>
          ))}
          {names.query.isSuccess && shown.length === 0 && <Text size="sm">{wanted === '' ? 'Nothing is offered here.' : `Nothing is called “${search}”.`}</Text>}
        </Stack>
      </ScrollArea.Autosize>
    </Stack>
  );
}
