import { ZodError } from 'zod';

/** What a case complains of: "field: remedy", one a problem. */
export function problemsOf(ask: () => unknown): readonly string[] {
  try {
    ask();
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  }
  throw new Error('there was no complaint');
}
