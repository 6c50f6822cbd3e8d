import type { z } from 'zod';
import type { Doubt } from './doubt.ts';

type Issue = z.core.$ZodIssue;

/** What a schema found, each unknown key for itself, and of a choice what is wrong with the branch that came nearest. */
export const schemaDoubts = (error: z.ZodError): readonly Doubt[] =>
  error.issues.flatMap((issue) => doubtsOf(issue, []));

function doubtsOf(issue: Issue, around: readonly PropertyKey[]): readonly Doubt[] {
  const path = [...around, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const remedy = 'no such field; remove it or correct its name';
    return issue.keys.map((key) => ({ level: 'error', path: [...path, key], remedy }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [nearest = []] = issue.errors.toSorted((a, b) => a.length - b.length);
    return nearest.flatMap((inner) => doubtsOf(inner, path));
  }
  return [{ level: 'error', path, remedy: remedyOf(issue) }];
}

/** What to write instead, in the words of an operator rather than of the schema. */
export function remedyOf(issue: Issue): string {
  if (issue.code === 'invalid_type' && issue.message.endsWith('undefined')) return 'this field is missing';
  if (issue.code === 'invalid_type' && issue.expected === 'int') return 'a whole number';
  if (issue.code === 'too_big' && issue.origin !== 'string') return `at most ${issue.maximum}`;
  if (issue.code === 'too_small' && issue.origin !== 'string') return `at least ${issue.minimum}`;
  return issue.message.replace(/^Invalid (?:input|option): /, '');
}
