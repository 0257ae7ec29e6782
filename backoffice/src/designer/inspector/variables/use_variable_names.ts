// What variables and modifiers are called: by the labels of the components of this flow, of what they send, and of the server's modifiers.
import { type FlowVariable, type OfferedVariable, useModifiers, useVariables } from '../api';
import { useInspector } from '../context';
import { type Link, linksInto } from '../edits';
import { wordsOf } from '../form_model';
import { expanded } from './offered';
import { type Entry, readVariable } from './template';

export function useVariableNames(link: Link) {
  const { document, componentId, descriptor, manifest } = useInspector();
  const ports = (manifest.inPorts ?? []).map(port => (typeof port === 'string' ? port : port.name));
  // Links that are saved meanwhile offer something else.
  const links = JSON.stringify(ports.map(port => linksInto(descriptor, port)));
  const query = useVariables(document.flowId, componentId, links, true);
  const modifiers = useModifiers().data?.modifiers ?? {};

  const onLink = query.data?.components[componentId]?.links?.[link.inPort]?.[link.componentId]?.[link.outPort];
  const offered: OfferedVariable[] = expanded(onLink?.variables.dynamic ?? []);
  const componentName = (id: string): string => {
    const component = document.flow[id];
    return component?.label || (component === undefined ? 'A component that is gone' : wordsOf(component.type.split('.').at(-1) ?? ''));
  };
  const variableName = (variable: string): string => {
    const known = offered.find(one => one.value === `{{{${variable}}}}`);
    const read = readVariable(variable);
    return read === undefined ? variable : `${componentName(read.componentId)} › ${known?.label ?? (read.path || 'Raw output')}`;
  };
  const modifierName = (name: string): string => modifiers[name]?.label ?? name;
  const nameOf = ({ variable, functions = [] }: Entry): string =>
    [...(variable === undefined ? [] : [variableName(variable)]), ...functions.map(({ name }) => modifierName(name))].join(' · ') || 'Nothing';
  const flow: FlowVariable[] = query.data?.flow ?? [];
  return { query, onLink, offered, flow, componentName, variableName, modifierName, nameOf };
}
