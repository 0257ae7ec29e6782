// Messages carry what people sent, and sometimes passwords and tokens. The server hands them out as they came; here what
// stands under a name that looks like a secret is not shown.
const SECRET = /pass(word|phrase|wd)?$|secret|token|authorization|cookie|credential|api[-_]?key|private[-_]?key|signature/i;

export const HIDDEN = '(hidden)';

export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutSecrets);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, SECRET.test(key) && member !== null ? HIDDEN : withoutSecrets(member)]),
  );
}
