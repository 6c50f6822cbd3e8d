import { whole } from '../whole.ts';
import { type PlanCharge, partCharge, wholeCharge } from './plan-charge.ts';
import { type PlanRules, type PlanUse, unitsOf } from './plan-use.ts';

type Limit = 'hours' | 'numbers' | 'messages' | 'recipients';

/** The instant at which a limit is passed, in Unix milliseconds, the use that does it, and which limits it finds passed. */
export type Breach = { readonly at: number; readonly use: string; readonly by: readonly Limit[] };

/** Seconds or SMS so far, and the different parties, at most one more than the limit; all stand still after the breach. */
export type Tally = {
  readonly used: number;
  readonly parties: readonly string[];
  readonly breach?: Breach;
};

/** One line in one month: plain JSON of a few KB. */
export type PlanState = { readonly call: Tally; readonly sms: Tally };

export const UNUSED: PlanState = { call: { used: 0, parties: [] }, sms: { used: 0, parties: [] } };

/**
 * Counts one use of a line in an unlimited plan, and says what of it is billed from the breach on (R-7, U2 to U6, U9;
 * nexis art. 15). Uses are told in the order of (at, id) (U8), each once, those of one month by their start (U7). With
 * U1 set, `planMonth` says what the earlier uses of the month cost as well.
 * @throws RangeError when a count leaves the safe integers
 */
export function planStep(state: PlanState, use: PlanUse, rules: PlanRules): readonly [PlanState, PlanCharge] {
  if (!use.included) return [state, { is: 'outside' }];
  const before = state[use.kind];
  if (before.breach !== undefined) return [state, wholeCharge(use, rules.readings)];
  const limits = limitsOf(use, rules);
  const after = counted(before, use, rules);
  const unitsPassed = after.used > limits.units;
  const partiesPassed = after.parties.length > limits.parties;
  if (!limits.breached(unitsPassed, partiesPassed)) return [{ ...state, [use.kind]: after }, { is: 'free' }];
  const by = [...(unitsPassed ? [limits.unitsName] : []), ...(partiesPassed ? [limits.partiesName] : [])];
  // U2: the use that reaches one party too many is billed whole, also when it passes the hours as well.
  const byParty = partiesPassed && before.parties.length <= limits.parties;
  const beyond = after.used - limits.units;
  const at = use.kind === 'sms' || byParty ? use.at : whole(use.at + (use.seconds - beyond) * 1_000);
  const charge = byParty ? wholeCharge(use, rules.readings) : partCharge(use, beyond, rules.readings);
  return [{ ...state, [use.kind]: { ...after, breach: { at, use: use.id, by } } }, charge];
}

function counted(tally: Tally, use: PlanUse, rules: PlanRules): Tally {
  const asOne = use.kind === 'sms' && rules.readings.sms_count === 'messages';
  const used = whole(tally.used + (asOne ? 1 : unitsOf(use)));
  const enough = tally.parties.length > limitsOf(use, rules).parties || tally.parties.includes(use.party);
  return { used, parties: enough ? tally.parties : [...tally.parties, use.party] };
}

type Limits = {
  /** Infinite where the contract sets none. */
  readonly units: number;
  readonly parties: number;
  readonly unitsName: Limit;
  readonly partiesName: Limit;
  readonly breached: (unitsPassed: boolean, partiesPassed: boolean) => boolean;
};

function limitsOf(use: PlanUse, { terms, readings }: PlanRules): Limits {
  if (use.kind === 'call') {
    const units = terms.voiceSeconds?.value ?? Number.POSITIVE_INFINITY;
    const parties = terms.voiceNumbers?.value ?? Number.POSITIVE_INFINITY;
    return { units, parties, unitsName: 'hours', partiesName: 'numbers', breached: (one, other) => one || other };
  }
  const units = terms.sms?.value ?? Number.POSITIVE_INFINITY;
  const parties = terms.smsRecipients?.value ?? Number.POSITIVE_INFINITY;
  // U3: `both` has a meaning only where the contract sets both.
  const both = readings.sms_breach === 'both' && terms.sms !== undefined && terms.smsRecipients !== undefined;
  const breached = (one: boolean, other: boolean): boolean => (both ? one && other : one || other);
  return { units, parties, unitsName: 'messages', partiesName: 'recipients', breached };
}
