// One field of a form, whatever its type: whether it is shown, its choices, and whether it is a control or a text with variables.
import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconVariablePlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { InspectorInput } from '../manifest';
import { DynamicField } from './DynamicField';
import type { Values } from './edits';
import { asText, type FieldProps, type VariableScope } from './fields/field_props';
import { fieldTypeOf } from './fields/field_types';
import { joined } from './fields/TextField';
import { defaultOf, hintOf } from './form_model';
import classes from './inspector.module.css';
import { optionsOf } from './sources/options';
import { SourceNote } from './sources/SourceNote';
import { useSource } from './sources/use_source';
import { TemplateField } from './variables/TemplateField';
import { hasPlaceholder } from './variables/template';
import { isShown } from './when';

export interface PlacedField {
  path: string;
  input: InspectorInput;
  label: string;
  required: boolean;
  readOnly: boolean;
  value: unknown;
  change: FieldProps['change'];
  variables?: VariableScope;
  scopes: Values[];
  error?: string;
  /** Values that its other rows have already. */
  taken?: unknown[];
}

export function Field(props: PlacedField) {
  if (!isShown(props.input.when, props.scopes)) {
    return null;
  }
  const isDynamic = props.input.type === undefined && props.input.source !== undefined;
  return (
    <div className={classes.field} data-field={props.path}>
      {isDynamic ? <DynamicField {...props} /> : <Shown {...props} />}
    </div>
  );
}

function Shown({ taken = [], ...props }: PlacedField) {
  const { input, label, value, change, readOnly } = props;
  const { Field: Control, variables: place } = fieldTypeOf(input.type);
  const source = useSource(input.source);
  const [template, setTemplate] = useState(false);
  const all = source.state === 'ready' ? optionsOf(source.answer) : optionsOf(input.options);
  const options = all.filter(option => option.value === value || !taken.includes(option.value));
  const variables = input.variables === false ? undefined : props.variables;
  const field: FieldProps = { ...props, variables, options, optionsKnown: input.source === undefined || source.state === 'ready', hint: hintWithDefault(input, value) };

  const asTemplate = place === 'instead' && variables !== undefined && (template || hasPlaceholder(value));
  const leave = () => {
    setTemplate(false);
    if (hasPlaceholder(value)) {
      change(undefined);
    }
  };
  return (
    <>
      {asTemplate ? <TemplateField {...field} leave={leave} picking={template} /> : <Control {...field} />}
      {place === 'instead' && !asTemplate && variables !== undefined && !readOnly && (
        <Group className={classes.actions}>
          <Tooltip label="Use a variable">
            <ActionIcon variant="subtle" size="sm" aria-label={`Use a variable for ${label}`} onClick={() => setTemplate(true)}>
              <IconVariablePlus size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
      <SourceNote source={source} what={`the choices of ${label}`} />
    </>
  );
}

function hintWithDefault(input: InspectorInput, value: unknown): string {
  const usual = defaultOf(input);
  const unset = value === undefined && usual !== undefined && usual !== '';
  return unset ? joined(hintOf(input), `Not set; usually ${asText(usual)}.`) : hintOf(input);
}
