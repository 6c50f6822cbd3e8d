import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Signal } from '../../model/signal.ts';
import { parisDay, parisInstant } from '../calendar/paris.ts';
import { whole } from '../whole.ts';
import { riseLimit } from './rise-limit.ts';

export type LinePast = {
  readonly line: string;
  /** Instant of activation: days before it are no past of the line, days since it without use are. */
  readonly activated: number;
  /** Uses of the line that count, by instant (`countedUses`). */
  readonly uses: readonly LimitUse[];
  /** When support cleared the line: what stood is lifted, and the rest of that civil day is not judged. */
  readonly cleared: readonly number[];
  readonly now: number;
};

export type Rise = {
  /** Amount of the civil day so far, in ticks. */
  readonly today: number;
  /** The largest amount of today that is not abnormal, for each step; absent while the line has no past. */
  readonly limits: readonly (number | undefined)[];
  readonly inForce: readonly Signal[];
};

type Rule = LimitRule<'abnormalRise'>;
type Found = { readonly step: Rule['value']['steps'][number]; readonly signal: Signal };

/**
 * C-6 (imesit CGS 9.1; cmi CGV 12.1): the amount of a civil day in Paris against the line's own days before it. A step
 * that waits for a warning is due at a further use, once the warning is old enough.
 * @throws RangeError when a sum leaves the whole numbers.
 */
export function abnormalRise(past: LinePast, rule: Rule): Rise {
  const { value } = rule;
  const byDay = usesByDay(past.uses);
  const amounts = new Map([...byDay].map(([day, uses]) => [day, uses.reduce(plusTicks, 0)]));
  const today = parisDay(past.now);
  const limitsOf = (day: number): Limits => {
    const samples = samplesOf(past, rule, amounts, day);
    return value.steps.map((step) => riseLimit(samples, value, step.deviationPercent));
  };
  let found: readonly Found[] = [];
  for (let day = today - value.heldDays + 1; day <= today; day += 1) {
    const uses = judgedOf(past, byDay.get(day) ?? []);
    if (uses.length > 0) found = [...found, ...foundOn(past, rule, { uses, limits: limitsOf(day), found })];
  }
  return {
    today: (byDay.get(today) ?? []).filter(({ use }) => use.at <= past.now).reduce(plusTicks, 0),
    limits: limitsOf(today),
    inForce: found.map(({ signal }) => signal).filter((signal) => !isCleared(past, signal.at, past.now)),
  };
}

type Limits = readonly (number | undefined)[];

const plusTicks = (sum: number, { ticks }: LimitUse): number => whole(sum + ticks);

/** Support cleared the line at or after the first instant, and not after the last. */
const isCleared = ({ cleared }: LinePast, first: number, last: number): boolean =>
  cleared.some((at) => at >= first && at <= last);

function usesByDay(uses: readonly LimitUse[]): ReadonlyMap<number, readonly LimitUse[]> {
  const days = new Map<number, LimitUse[]>();
  for (const one of uses) {
    const day = parisDay(one.use.at);
    const there = days.get(day);
    if (there === undefined) days.set(day, [one]);
    else there.push(one);
  }
  return days;
}

type Judged = { readonly one: LimitUse; readonly amount: number };

/** The uses of a day with the amount of the day up to each; none from a clearance of that day on. */
function judgedOf(past: LinePast, uses: readonly LimitUse[]): readonly Judged[] {
  let amount = 0;
  return uses
    .filter(({ use }) => use.at <= past.now)
    .map((one) => {
      amount = whole(amount + one.ticks);
      return { one, amount };
    })
    .filter(({ one }) => {
      return !isCleared(past, parisInstant(parisDay(one.use.at)), one.use.at);
    });
}

type Day = {
  readonly uses: readonly Judged[];
  readonly limits: Limits;
  /** On the days before that still stand. */
  readonly found: readonly Found[];
};

/** Each step is found once a day. */
function foundOn(past: LinePast, rule: Rule, { uses, limits, found }: Day): readonly Found[] {
  const today: Found[] = [];
  for (const { one, amount } of uses) {
    for (const [index, step] of rule.value.steps.entries()) {
      const limit = limits[index];
      if (limit === undefined || amount <= limit || today.some((earlier) => earlier.step === step)) continue;
      if (!isWarned(past, step, [...found, ...today], one.use.at)) continue;
      today.push({ step, signal: signalOf(past, rule, { use: one.use, amount, limit, step }) });
    }
  }
  return today;
}

/** A step that waits needs a warning that is old enough and was not cleared since. */
function isWarned(past: LinePast, step: Found['step'], found: readonly Found[], at: number): boolean {
  const minutes = step.minutesAfterWarning;
  if (minutes === undefined) return true;
  return found.some(
    ({ signal }) =>
      signal.action.name === 'warn' && signal.at + minutes * 60_000 <= at && !isCleared(past, signal.at, at),
  );
}

function signalOf(
  { line }: LinePast,
  { article }: Rule,
  due: {
    readonly use: LimitUse['use'];
    readonly amount: number;
    readonly limit: number;
    readonly step: Found['step'];
  },
): Signal {
  const about = { rule: 'C-6', article, scope: 'line', subject: line, unit: 'ticks' } as const;
  const { at, id: cause } = due.use;
  return { ...about, at, cause, measured: due.amount, limit: due.limit, action: due.step.do };
}

/** Whole days of the past with which the day is compared, none before the day of activation. */
function samplesOf(
  { activated }: LinePast,
  { value }: Rule,
  days: ReadonlyMap<number, number>,
  day: number,
): readonly number[] {
  const apart = value.against === 'same-weekday' ? 7 : 1;
  const first = Math.max(parisDay(activated), day - value.weeks * 7);
  const samples: number[] = [];
  for (let past = day - apart; past >= first; past -= apart) samples.push(days.get(past) ?? 0);
  return samples;
}
