import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule, Limits } from '../../model/limits.ts';
import { cycleOf } from '../calendar/cycles.ts';
import { parisDay, parisInstant } from '../calendar/paris.ts';
import { whole } from '../whole.ts';
import { isWithin } from './abroad.ts';
import { type CallSums, NO_CALLS, plusCall } from './daily-figures.ts';
import { type Attempt, byShown, type FirstShown, firstsOf } from './signs.ts';

/** A call that went out, as the limits of a site keep it. */
export type KeptCall = Omit<Attempt, 'seconds'> & {
  /** From answer to release; null: nobody answered. */
  readonly seconds: number | null;
  readonly ticks: number;
};

type KeptDay = {
  readonly day: number;
  readonly calls: readonly KeptCall[];
  /** V-4: of the calls of that day that are not kept one by one any more. */
  readonly thinned?: CallSums;
};

/**
 * What the rules still need of a line's calls, of bounded size: the newest calls of its last two civil days in Paris with
 * calls (`MOST_CALLS`), and sums of those before them; of the days on which a signal of C-6 may stand those that cost
 * something; one sum for each day before.
 */
export type LineHistory = {
  readonly days: readonly KeptDay[];
  readonly paid: readonly KeptDay[];
  readonly sums: readonly (readonly [day: number, ticks: number])[];
  /** V-7: the signs that calls no longer kept have shown in the month that begins at `month`. */
  readonly shown: { readonly month: number; readonly firsts: readonly FirstShown[] };
};

/** Fourteen calls a minute in office hours, of one line. */
export const MOST_CALLS = 8_192;

const EMPTY: LineHistory = { days: [], paid: [], sums: [], shown: { month: 0, firsts: [] } };

/** V-7: the month of an instant, as a site counts it: that of the calendar, in Paris. */
export const monthOf = (at: number) => cycleOf(at, { is: 'calendar' });

/** How long calls must be kept: none where the regime has no such rule. */
type Kept = { readonly rules: Limits; readonly clearedAt: number };

/** The history after one more call; the first of a new day lets older days fade, one too many the older half of the calls. */
export function withKeptCall(history: LineHistory = EMPTY, call: KeptCall, kept: Kept): LineHistory {
  const day = parisDay(call.at);
  const newest = history.days.at(-1)?.day ?? day;
  if (day < newest - 1)
    return call.ticks > 0 ? fade({ ...history, paid: into(history.paid, day, call) }, newest, kept) : history;
  const days = into(history.days, day, call);
  return day > newest ? fade({ ...history, days }, day, kept) : thin({ ...history, days }, newest, kept);
}

function into(days: readonly KeptDay[], day: number, call: KeptCall): readonly KeptDay[] {
  const last = days.at(-1);
  if (last?.day === day) return [...days.slice(0, -1), { ...last, calls: [...last.calls, call] }];
  const there = days.find((one) => one.day === day);
  const next = { ...there, day, calls: [...(there?.calls ?? []), call] };
  return [...days.filter((one) => one !== there), next].toSorted((a, b) => a.day - b.day);
}

/**
 * A line that calls as no office does must not fill the memory: what the older half of its calls came to stays, so that
 * figures and amounts remain exact; only the instant at which a limit was passed, and a sign that began among them and
 * shows later, can no longer be told.
 */
function thin(history: LineHistory, newest: number, kept: Kept): LineHistory {
  if (history.days.reduce((count, { calls }) => count + calls.length, 0) <= MOST_CALLS) return history;
  const leaving = new Set(callsOf(history).slice(0, MOST_CALLS / 2));
  const days = history.days.map((one) => {
    const out = one.calls.filter((call) => leaving.has(call));
    return {
      ...one,
      calls: one.calls.filter((call) => !leaving.has(call)),
      thinned: out.reduce(plusCall, sumsOf(one)),
    };
  });
  const spent = history.days.map(
    ({ day, calls }) => [day, totalOf(calls.filter((call) => leaving.has(call)))] as const,
  );
  const shown = shownBefore(history, monthOf(parisInstant(newest)).start, kept);
  return { ...history, days, sums: spent.reduce(plusSum, history.sums), shown };
}

const sumsOf = ({ thinned = NO_CALLS }: KeptDay): CallSums => thinned;

type DaySum = LineHistory['sums'][number];

/** One sum for each day. */
const plusSum = (sums: readonly DaySum[], [day, ticks]: DaySum): readonly DaySum[] => {
  if (ticks === 0) return sums;
  const there = sums.find(([one]) => one === day)?.[1] ?? 0;
  return [...sums.filter(([one]) => one !== day), [day, whole(there + ticks)]];
};

function fade(history: LineHistory, newest: number, kept: Kept): LineHistory {
  const { rules } = kept;
  const held = rules.abnormalRise?.value.heldDays ?? 0;
  const weeks = rules.abnormalRise?.value.weeks ?? 0;
  const leaving = history.days.filter(({ day }) => day < newest - 1);
  const costly = leaving.map(({ day, calls }) => ({ day, calls: calls.filter(({ ticks }) => ticks > 0) }));
  const paid = [...history.paid, ...costly.filter(({ calls }) => calls.length > 0)];
  const old = paid.filter(({ day }) => day <= newest - held);
  const sums = old.map(({ day, calls }) => [day, totalOf(calls)] as const).reduce(plusSum, history.sums);
  return {
    days: history.days.filter((one) => !leaving.includes(one)),
    paid: paid.filter((one) => !old.includes(one)),
    sums: sums.filter(([day]) => day > newest - held - 7 * weeks - 1),
    shown: leaving.length === 0 ? history.shown : shownBefore(history, monthOf(parisInstant(newest)).start, kept),
  };
}

const totalOf = (calls: readonly KeptCall[]): number => calls.reduce((sum, { ticks }) => whole(sum + ticks), 0);

function shownBefore(history: LineHistory, month: number, kept: Kept): LineHistory['shown'] {
  const rule = kept.rules.automaticDialing;
  return { month, firsts: rule === undefined ? [] : shownIn(history, month, { ...kept, rule }) };
}

type Dialing = { readonly rule: LimitRule<'automaticDialing'>; readonly clearedAt: number };

/** V-7: of each sign the first start of that month, after support last cleared the line, at which it showed. */
export function shownIn(history: LineHistory, month: number, { rule, clearedAt }: Dialing): readonly FirstShown[] {
  const period = monthOf(month);
  const attempts = callsOf(history)
    .filter(({ at }) => isWithin(at, period) && at > clearedAt)
    .map((call) => ({ ...call, seconds: call.seconds ?? 0 }));
  const before = history.shown.month === period.start ? history.shown.firsts.filter(({ at }) => at > clearedAt) : [];
  const all = [...before, ...firstsOf(rule.value, attempts)].toSorted(byShown);
  return all.filter(({ sign }, index) => all.findIndex((one) => one.sign === sign) === index);
}

/** The calls of the last two days that are kept one by one, by instant, then id. */
export const callsOf = ({ days }: LineHistory): readonly KeptCall[] =>
  days.flatMap(({ calls }) => calls).toSorted(byCall);

const byCall = (a: KeptCall, b: KeptCall): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** C-6: what the line spent, as uses; a day of which only the sum is known is one use. */
export function spendingOf(line: string, { sums, paid, days }: LineHistory): readonly LimitUse[] {
  const past = sums.map(([day, ticks]) => ({
    id: `day ${day}`,
    at: parisInstant(day),
    seconds: null,
    number: '',
    ticks,
  }));
  const calls = [...paid, ...days].flatMap((one) => one.calls).filter(({ ticks }) => ticks > 0);
  return [...past, ...calls].toSorted(byCall).map((call) => useOf(line, call));
}

export const useOf = (line: string, { id, at, seconds, number, ticks }: KeptCall): LimitUse => ({
  use: { kind: 'call', id, line, at, direction: 'outgoing', party: number, seconds, forwarded: false },
  number,
  ticks,
  option: false,
});
