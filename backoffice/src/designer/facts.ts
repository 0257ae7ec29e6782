// What is known about the components of the flow beside what stands in it: manifests, problems, attention.
import type { UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ApiError } from '../api/call';
import { type ComponentErrors, type StoredFlow, useComponentErrors } from './api';
import type { Facts } from './canvas/canvas_nodes';
import type { Components } from './document/links';
import { byComponent, problemsOf } from './field_problems';
import type { Manifest } from './manifest';
import type { Components as Palette } from './palette/api';
import type { Problem } from './problems';
import type { Refusal } from './StartStop';

const NONE: Map<string, Manifest> = new Map();

export interface Known {
  facts: Facts;
  problems: Problem[];
  /** Of the last start, where it was refused for these. */
  refusedFor: Problem[];
}

export function useKnown(stored: StoredFlow, components: Components, { data: palette, dataUpdatedAt }: UseQueryResult<Palette>, refusal: Refusal | null): Known {
  const manifests = palette?.manifests ?? NONE;
  // Asked again when there are other components: what was missing may be there.
  const { data } = useComponentErrors(stored, dataUpdatedAt);
  const checked = data?.errors;
  const { attention } = stored;
  return useMemo(() => {
    const here = (problem: Problem) => problem.componentId in components;
    const refusedFor = problemsOf(errorsOf(refusal?.error), components, manifests);
    const problems = distinct([...problemsOf(checked ?? [], components, manifests), ...refusedFor]).filter(here);
    return { facts: { manifests, problems: byComponent(problems), attention: byComponent(attention ?? []) }, problems, refusedFor };
    // Which components there are counts, not what stands in them: that the server checks when it is saved.
  }, [checked, attention, manifests, refusal, Object.keys(components).join('/')]);
}

// rest-api 8.6: data = [{componentId, componentType, errors: [{message}]}]
function errorsOf(error: unknown): ComponentErrors[] {
  return error instanceof ApiError && Array.isArray(error.data) ? (error.data as ComponentErrors[]).filter(entry => Array.isArray(entry?.errors)) : [];
}

function distinct(problems: Problem[]): Problem[] {
  const seen = new Map(problems.map(problem => [`${problem.componentId} ${problem.message}`, problem]));
  return [...seen.values()];
}
