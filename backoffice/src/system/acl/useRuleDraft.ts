// The list of rules as it is edited. What the server has is taken over by itself as long as nothing was edited.
import { useEffect, useState } from 'react';
import { type DraftRule, drafted, type Rule, sameRules } from './rules';

export interface RuleDraft {
  rules: DraftRule[];
  change: (rules: DraftRule[]) => void;
  /** What the edit began with. */
  edited: Rule[];
  dirty: boolean;
  /** The server has other rules now than those that the edit began with. */
  overtaken: boolean;
  /** Begins anew with these. */
  restart: (rules: Rule[]) => void;
}

export function useRuleDraft(stored: Rule[]): RuleDraft {
  const [edited, setEdited] = useState(stored);
  const [rules, change] = useState(() => stored.map(drafted));
  const dirty = !sameRules(
    edited,
    rules.map(({ rule }) => rule),
  );
  const differs = !sameRules(edited, stored);
  const restart = (from: Rule[]) => {
    setEdited(from);
    change(from.map(drafted));
  };
  useEffect(() => {
    if (differs && !dirty) {
      restart(stored);
    }
  }, [stored, differs, dirty]);
  return { rules, change, edited, dirty, overtaken: dirty && differs, restart };
}
