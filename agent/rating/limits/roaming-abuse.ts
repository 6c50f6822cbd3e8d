import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Period, Standing } from '../../model/signal.ts';
import { parisDay } from '../calendar/paris.ts';
import { whole } from '../whole.ts';
import { isAbroad, isWithin } from './abroad.ts';
import { signalsOf, standingOf } from './signals.ts';

export type RoamingPast = {
  readonly line: string;
  /** The months to compare, consecutive, oldest first. */
  readonly months: readonly Period[];
  /** Uses of the line that count, by instant (`countedUses`). */
  readonly uses: readonly LimitUse[];
  readonly now: number;
};

export const INDICATORS = ['voice', 'messages', 'data', 'presence', 'dormant'] as const;
export type Indicator = (typeof INDICATORS)[number];

type Two = { readonly home: number; readonly abroad: number };
/** Seconds of voice, SMS segments and MMS, bytes, civil days in Paris; a day with any use at home is a day at home. */
export type Compared = Readonly<Record<'voice' | 'messages' | 'data' | 'presence', Two>>;

export type RoamingAbuse = Standing & {
  readonly shown: readonly Indicator[];
  readonly compared: Compared;
  /** The longest row of civil days without any use of the line. */
  readonly longestIdleDays: number;
};

/**
 * R-8 (nexis 16): which of the indicators a line shows over the consecutive months, once they are over: more abroad
 * than at home in voice, messages or data, each on its own; more days abroad than at home; or long idle and used
 * abroad only or nearly. The signal bears the instant of the line's last use.
 */
export function roamingAbuse(past: RoamingPast, { value, article }: LimitRule<'roamingAbuse'>): RoamingAbuse {
  const window = { start: past.months[0]?.start ?? 0, end: past.months.at(-1)?.end ?? 0 };
  const uses = past.uses.filter(({ use }) => isWithin(use.at, window));
  const compared = compare(uses);
  const longestIdleDays = idleDays(uses, window);
  const last = uses.at(-1);
  const enough =
    past.months.length >= value.months &&
    past.now >= window.end &&
    uses.length > 0 &&
    uses.filter(isAbroad).length >= value.minimumUses;
  const parts = value.compare === 'whole' ? [window] : past.months;
  const comparisons = parts.map((part) => compare(uses.filter(({ use }) => isWithin(use.at, part))));
  const { presence } = compared;
  const mostlyAbroad =
    presence.abroad > 0 && presence.abroad * 100 >= (presence.abroad + presence.home) * value.dormant.roamingPercent;
  const shows = (indicator: Indicator): boolean =>
    indicator === 'dormant'
      ? mostlyAbroad && longestIdleDays >= value.dormant.days
      : comparisons.every((part) => part[indicator].abroad > part[indicator].home);
  const shown = enough ? INDICATORS.filter(shows) : [];
  const level = { cause: last?.use.id ?? '', measured: shown.length, limit: INDICATORS.length };
  const levels = last === undefined ? [] : [{ at: last.use.at, ...level }];
  const about = { rule: 'R-8', article, scope: 'line', subject: past.line, unit: 'count' } as const;
  return { ...standingOf(levels, signalsOf(levels, value.steps, about)), shown, compared, longestIdleDays };
}

function compare(uses: readonly LimitUse[]): Compared {
  const home = uses.filter((one) => !isAbroad(one));
  const abroad = uses.filter(isAbroad);
  const daysAtHome = daysOf(home);
  const two = (amount: (one: LimitUse) => number): Two => ({ home: sum(home, amount), abroad: sum(abroad, amount) });
  return {
    voice: two(({ use }) => (use.kind === 'call' ? (use.seconds ?? 0) : 0)),
    messages: two(messagesOf),
    data: two(({ use }) => (use.kind === 'data' ? use.bytes : 0)),
    presence: {
      home: daysAtHome.size,
      abroad: [...daysOf(abroad)].filter((day) => !daysAtHome.has(day)).length,
    },
  };
}

function messagesOf({ use }: LimitUse): number {
  if (use.kind === 'sms') return use.sent ? use.segments : 0;
  return use.kind === 'mms' && use.sent ? 1 : 0;
}

const sum = (uses: readonly LimitUse[], amount: (one: LimitUse) => number): number =>
  uses.reduce((total, one) => whole(total + amount(one)), 0);

const daysOf = (uses: readonly LimitUse[]): ReadonlySet<number> => new Set(uses.map(({ use }) => parisDay(use.at)));

function idleDays(uses: readonly LimitUse[], { start, end }: Period): number {
  const days = [parisDay(start) - 1, ...uses.map(({ use }) => parisDay(use.at)), parisDay(end - 1) + 1];
  return days.reduce((longest, day, index) => Math.max(longest, day - (days[index - 1] ?? day) - 1), 0);
}
