import type { z } from 'zod';

/** What is wrong with an order: where, what was found there, and what to write instead. */
export type Problem = { readonly field: string; readonly value: unknown; readonly remedy: string };

/** The problems that a schema found, each with the value that stands at its place; `whole` names the input itself. */
export function schemaProblems(error: z.ZodError, input: unknown, whole = 'order'): readonly Problem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField([...issue.path, key], input));
    return [{ field: fieldName(issue.path) || whole, value: valueAt(input, issue.path), remedy: issue.message }];
  });
}

const LONGEST_VALUE = 200;

/** One line for the operator's terminal; of a long value its beginning. */
export function problemLine({ field, value, remedy }: Problem): string {
  const written = JSON.stringify(value) ?? 'nothing';
  const shown = written.length > LONGEST_VALUE ? `${written.slice(0, LONGEST_VALUE)}…` : written;
  return `${field} = ${shown}: ${remedy}`;
}

const unknownField = (path: readonly PropertyKey[], input: unknown): Problem => ({
  field: fieldName(path),
  value: valueAt(input, path),
  remedy: 'no such field; remove it or correct its name',
});

/** `links[1].upKbps`, or nothing for the whole of it. */
function fieldName(path: readonly PropertyKey[]): string {
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return name.replace(/^\./, '');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.entries(value).find(([key]) => key === String(step))?.[1];
  }, input);
}
