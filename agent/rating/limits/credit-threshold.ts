import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Standing } from '../../model/signal.ts';
import { type DatedLimit, limitTicks, moneyLevels, type Payment } from './money-levels.ts';
import { type Level, signalsOf, standingOf } from './signals.ts';

export type Encours = {
  readonly account: string;
  /** Every use of the account that counts, by instant (`countedUses`). */
  readonly uses: readonly LimitUse[];
  readonly payments: readonly Payment[];
  /** Set for this client; before the first, the rule's, or none. */
  readonly thresholds: readonly DatedLimit[];
  readonly now: number;
};

/**
 * C-2 (imesit DG 3.2; cmi CGV 8.3): what the account owes for its uses, in ticks, against its threshold of the
 * moment. Once exceeded, outgoing calls are barred except emergency ones, until payments or a higher threshold lift it.
 * @throws RangeError when the sum leaves the whole numbers.
 */
export function creditThreshold(encours: Encours, { value, article }: LimitRule<'creditThreshold'>): Standing {
  const { account: subject, uses, payments, thresholds, now } = encours;
  const first: Level = { at: 0, cause: 'regime', measured: 0, limit: limitTicks(value.thresholdMicroEuro) };
  const changes = moneyLevels({
    uses,
    payments,
    resets: [],
    limits: thresholds,
    firstMicroEuro: value.thresholdMicroEuro,
    now,
  });
  const signals = signalsOf(changes, value.steps, { rule: 'C-2', article, scope: 'account', subject, unit: 'ticks' });
  return standingOf([first, ...changes], signals);
}
