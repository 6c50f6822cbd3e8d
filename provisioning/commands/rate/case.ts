import type { z } from 'zod';

/** One question of billing that a person can check by hand: JSON in, JSON out, with field names that stay. */
export type Case = {
  /** One line for `relais rate --help`. */
  readonly says: string;
  /** Reads and answers. Throws ZodError on a wrong field, RangeError on an amount that leaves the whole numbers. */
  readonly answer: (input: unknown) => unknown;
};

/** Pairs a schema with the pure function that answers it. */
export const caseOf = <S extends z.ZodType>(says: string, input: S, answer: (input: z.output<S>) => unknown): Case => ({
  says,
  answer: (raw) => answer(input.parse(raw)),
});
