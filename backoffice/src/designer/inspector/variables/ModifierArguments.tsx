// Arguments of one modifier. Positional ones are `params`, named ones `hashParams` (flow-format.md §4); each may be a template.
import { Button, Stack } from '@mantine/core';
import type { Modifier, ModifierArgument } from '../api';
import type { Link } from '../edits';
import { wordsOf } from '../form_model';
import { BooleanArgument, TextArgument } from './ArgumentField';
import type { Argument, ModifierCall } from './template';

interface Props {
  called: ModifierCall;
  definition: Modifier | undefined;
  link: Link;
  readOnly: boolean;
  change: (called: ModifierCall) => void;
}

export function ModifierArguments({ called, definition, link, readOnly, change }: Props) {
  const params = called.params ?? [];
  const named = (definition?.arguments ?? []).filter(({ isHash }) => isHash === true);
  const declared = (definition?.arguments ?? []).filter(({ isHash }) => isHash !== true);
  const last = declared.at(-1) ?? { name: 'value', type: 'any' };
  // What a flow holds is shown, also where the definition does not (or no longer) name it.
  const extra = Array.from({ length: Math.max(0, params.length - declared.length) }, (_, at) => ({ ...last, name: `${last.name} ${at + 2}` }));
  const positional: ModifierArgument[] = [...declared, ...extra];

  const setParam = (at: number, argument: Argument | undefined) => {
    const next = Array.from({ length: Math.max(params.length, at + 1) }, (_, other) => (other === at ? argument : params[other]) ?? { value: '' });
    // What was emptied at the end goes, so that the modifier's own default counts again.
    while (argument === undefined && next.at(-1)?.value === '') {
      next.pop();
    }
    change({ ...called, params: next });
  };
  const setNamed = (name: string, argument: Argument | undefined) => {
    const { [name]: _, ...rest } = called.hashParams ?? {};
    change({ ...called, hashParams: argument === undefined ? rest : { ...called.hashParams, [name]: argument } });
  };
  if (positional.length === 0 && named.length === 0) {
    return null;
  }
  const fieldOf = (argument: ModifierArgument, given: Argument | undefined, set: (argument: Argument | undefined) => void) => {
    const Field = argument.type === 'boolean' ? BooleanArgument : TextArgument;
    return <Field key={argument.name} label={wordsOf(argument.name)} type={argument.type} given={given} link={link} readOnly={readOnly} change={set} />;
  };
  return (
    <Stack gap="xs" mt="xs">
      {positional.map((argument, at) => fieldOf(argument, params[at], next => setParam(at, next)))}
      {named.map(argument => fieldOf(argument, called.hashParams?.[argument.name], next => setNamed(argument.name, next)))}
      {definition?.variableArguments === true && !readOnly && (
        <Button variant="subtle" size="compact-sm" onClick={() => change({ ...called, params: [...positional.map((_, at) => params[at] ?? { value: '' }), { value: '' }] })}>
          Add a value
        </Button>
      )}
    </Stack>
  );
}
