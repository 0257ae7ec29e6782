// Choices of a field, from its manifest or from what a component answered: plain values, or objects with `value` and `label` or
// `content`, which may hold HTML.
import { plainText } from '../form_model';

export interface Option {
  value: unknown;
  label: string;
}

export function optionsOf(list: unknown): Option[] {
  if (!Array.isArray(list)) {
    return [];
  }
  return list.flatMap((item): Option[] => {
    if (typeof item !== 'object' || item === null) {
      return [{ value: item, label: String(item) }];
    }
    const { value, label, content, clearItem } = item as Record<string, unknown>;
    if (clearItem === true || value === undefined) {
      // Every list that may be left empty has a way to clear it.
      return [];
    }
    return [{ value, label: plainText(String(label ?? content ?? '')).trim() || String(value) }];
  });
}

/** Texts for lists that know only texts: the option's place. */
export function keyOf(options: Option[], value: unknown): number {
  const exact = options.findIndex(option => option.value === value);
  return exact >= 0 ? exact : options.findIndex(option => String(option.value) === String(value));
}
