// Access rules as data: who (role), what (resource), which actions, and which components by their attributes.

export interface Rule {
  role: string;
  resource: string;
  action: string[];
  attributes: string[];
}

/** A rule in the editor; `key` stays while it is edited and moved. */
export interface DraftRule {
  key: number;
  rule: Rule;
}

let lastKey = 0;

export function drafted(rule: Rule): DraftRule {
  lastKey += 1;
  return { key: lastKey, rule };
}

const textOf = (rule: Rule) => JSON.stringify([rule.role, rule.resource, rule.action, rule.attributes]);

export function sameRules(left: Rule[], right: Rule[]): boolean {
  return left.length === right.length && left.every((rule, at) => textOf(rule) === textOf(right[at]!));
}

/** "user * *", as people say it: role, resource, action. */
export function spoken(rule: Rule): string {
  return `${rule.role} ${rule.resource} ${rule.action.join(', ')}`;
}

export function moved(rules: DraftRule[], from: number, to: number): DraftRule[] {
  const others = rules.filter((_, at) => at !== from);
  return [...others.slice(0, to), rules[from]!, ...others.slice(to)];
}

const opensAll = (rule: Rule) => rule.resource === '*' && rule.action.some(action => action === '*' || action === 'read' || action === 'use');

/** Rules for everything that go when `after` is saved, and whose role has no other such rule then. */
export function lostForAll(before: Rule[], after: Rule[]): Rule[] {
  const stay = new Set(after.filter(opensAll).map(rule => rule.role));
  const seen = new Set<string>();
  return before.filter(rule => {
    const lost = rule.role !== 'admin' && opensAll(rule) && !stay.has(rule.role) && !seen.has(rule.role);
    seen.add(rule.role);
    return lost;
  });
}

/** The server names the rule it refuses by its place: "Rule 3: …". -1: it is about none of them. */
export function refusedPlace(message: string): number {
  const place = /^Rule (\d+):/.exec(message)?.[1];
  return place === undefined ? -1 : Number(place);
}
