import type { UnlimitedReadings, UnlimitedTerms } from '../../../../agent/model/readings/unlimited.ts';
import type { PlanUse } from '../../../../agent/rating/unlimited/plan-use.ts';
import { pick } from '../dice.ts';

type Roll = (sides: number) => number;

export const chanceUse = (roll: Roll, id: string): PlanUse => {
  const common = {
    id,
    at: 1_000_000 * roll(12),
    party: `+3312345678${roll(6)}`,
    included: roll(6) > 0,
  };
  return roll(2) === 0
    ? { kind: 'call', ...common, seconds: pick(roll, [0, roll(10), roll(200)]) }
    : { kind: 'sms', ...common, segments: 1 + roll(3) };
};

export const chanceUses = (roll: Roll): readonly PlanUse[] =>
  Array.from({ length: roll(14) }, (_, at) => chanceUse(roll, `u${at}`));

export const chanceReadings = (roll: Roll): UnlimitedReadings => ({
  retroactive: roll(3) === 0,
  hours_breach: pick(roll, ['part_beyond', 'whole_call'] as const),
  numbers_breach: 'whole_call',
  sms_breach: pick(roll, ['either', 'both'] as const),
  breach_scope: 'service',
  counted: 'included_only',
  sms_count: pick(roll, ['segments', 'messages'] as const),
  month_of_call: 'start',
  tie_break: 'id',
  billing_step_s: pick(roll, [1, 6, 60]),
  national_by: 'prefix',
});

/** Limits small enough to be passed, some of them not set. */
export function chanceTerms(roll: Roll): UnlimitedTerms {
  const limit = (name: keyof UnlimitedTerms, most: number): UnlimitedTerms =>
    roll(5) === 0 ? {} : { [name]: { value: roll(most), article: 'a' } };
  return {
    ...limit('voiceSeconds', 400),
    ...limit('voiceNumbers', 6),
    ...limit('sms', 12),
    ...limit('smsRecipients', 6),
  };
}
