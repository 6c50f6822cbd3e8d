import type { z } from 'zod';
import type { Regime } from '../../../agent/model/regime.ts';
import { type FactsOf, withRegime } from './with-regime.ts';

/** The regime of an id. Throws Fault where there is no such file, or one that is refused. */
export type RegimeOf = (id: string) => Regime;

/** One question of billing that a person can check by hand: JSON in, JSON out, with field names that stay. */
export type Case = {
  /** One line for `relais rate --help`. */
  readonly says: string;
  /**
   * Reads and answers; the field `regime` takes the facts and readings of that regime where the question gives none.
   * Throws ZodError on a wrong field, RangeError on an amount that leaves the whole numbers.
   */
  readonly answer: (input: unknown, regimeOf: RegimeOf) => unknown;
};

/** Pairs a schema with the pure function that answers it, and with what a regime says of the question. */
export const caseOf = <S extends z.ZodType>(
  says: string,
  input: S,
  answer: (input: z.output<S>) => unknown,
  facts: FactsOf,
): Case => ({
  says,
  answer: (raw, regimeOf) => answer(input.parse(withRegime(raw, facts, regimeOf))),
});
