import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Signal, Standing } from '../../model/signal.ts';
import { type DatedLimit, limitTicks, moneyLevels } from './money-levels.ts';
import { type Level, signalsOf, standingOf } from './signals.ts';

export type OutOfBundle = {
  readonly account: string;
  /** Uses with what they cost out of the bundle, by instant (`countedUses`). */
  readonly uses: readonly LimitUse[];
  /** When the account was opened, and its new-month orders (M1). */
  readonly opened: number;
  readonly months: readonly number[];
  /** The cap set for the account and those that a deposit raised, each at once from its instant on; before the first, the rule's. */
  readonly caps: readonly DatedLimit[];
  readonly lines: readonly { readonly number: string; readonly has: 'bundle' | 'metered' }[];
  readonly now: number;
};

/**
 * C-1 (mie 13): what the lines of an account spent out of their bundles, in ticks, against the cap of the moment. Once
 * it is reached, a line without bundle takes calls only, and a line with one goes on inside it: one signal a line.
 * @throws RangeError when the sum leaves the whole numbers.
 */
export function outOfBundleCap(account: OutOfBundle, { value, article }: LimitRule<'outOfBundleCap'>): Standing {
  const first: Level = {
    at: account.opened,
    cause: 'opened',
    measured: 0,
    limit: limitTicks(value.capMicroEuro),
  };
  const changes = moneyLevels({
    uses: account.uses,
    payments: [],
    resets: account.months,
    limits: account.caps,
    firstMicroEuro: value.capMicroEuro,
    now: account.now,
  });
  const levels = [first, ...changes];
  const signals = account.lines.flatMap(({ number, has }): readonly Signal[] => {
    const steps = value.steps.filter((step) => step.lines === 'all' || step.lines === has);
    return signalsOf(levels, steps, { rule: 'C-1', article, scope: 'line', subject: number, unit: 'ticks' });
  });
  return standingOf(
    levels,
    signals.toSorted((a, b) => a.at - b.at),
  );
}
