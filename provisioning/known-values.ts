import type { z } from 'zod';

/** Says of a value that a schema does not know which values it knows; any other issue keeps its own words. */
export const nameKnownValues: z.core.$ZodErrorMap = (issue) =>
  issue.code === 'invalid_value'
    ? `not known; known: ${issue.values.map((value) => String(value)).join(', ')}`
    : undefined;
