import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Signal } from '../../model/signal.ts';
import { civilDay, dayNumber, parisDay, parisInstant, parisTimeOfDay } from '../calendar/paris.ts';
import { whole } from '../whole.ts';
import { isAbroad } from './abroad.ts';

export type OptionPast = {
  readonly line: string;
  /** Uses of the line that count, by instant (`countedUses`); only outgoing ones inside the option are looked at. */
  readonly uses: readonly LimitUse[];
  readonly now: number;
};

export type OptionStanding = {
  /** In the month up to now: seconds, or communications. */
  readonly abroad: number;
  readonly home: number;
  /** The first time that abroad exceeded home, one signal for each action. */
  readonly signals: readonly Signal[];
};

type Part = { readonly id: string; readonly at: number; readonly amount: number; readonly abroad: boolean };

/**
 * R-8 (imesit mobile 2.2, cmi mobile 1.2): communications from abroad inside an unlimited international option may not
 * exceed those from France over a sliding month: from the same time of the same civil day of the month before, or of
 * its last day, exclusive. Judged at each communication; once exceeded the option is lost, whatever follows.
 */
export function internationalOption(past: OptionPast, rule: LimitRule<'internationalOption'>): OptionStanding {
  const { value, article } = rule;
  const parts = past.uses.filter(({ use }) => use.at <= past.now).flatMap((one) => partOf(one, value.measure));
  const end = windowAt(parts, past.now);
  const breach = parts.find((part, index) => {
    const { home, abroad, uses } = windowAt(parts.slice(0, index + 1), part.at);
    return uses >= value.minimumUses && abroad > home;
  });
  if (breach === undefined) return { abroad: end.abroad, home: end.home, signals: [] };
  const { abroad, home } = windowAt(parts.slice(0, parts.indexOf(breach) + 1), breach.at);
  const unit = value.measure === 'seconds' ? 'seconds' : 'count';
  const about = { rule: 'R-8', article, scope: 'line', subject: past.line, unit } as const;
  const signals = value.do.map((action): Signal => {
    return { ...about, at: breach.at, cause: breach.id, measured: abroad, limit: home, action };
  });
  return { abroad: end.abroad, home: end.home, signals };
}

/** The instant a civil month before: the 31st comes back to the last day of a shorter month. */
export function monthBefore(instant: number): number {
  const { year, month, day } = civilDay(parisDay(instant));
  const last = civilDay(dayNumber({ year, month, day: 1 }) - 1);
  return parisInstant(dayNumber({ ...last, day: Math.min(day, last.day) }), parisTimeOfDay(instant));
}

function windowAt(parts: readonly Part[], at: number): { home: number; abroad: number; uses: number } {
  const start = monthBefore(at);
  const within = parts.filter((part) => part.at > start && part.at <= at);
  const total = (abroad: boolean): number =>
    within.reduce((sum, part) => (part.abroad === abroad ? whole(sum + part.amount) : sum), 0);
  return { home: total(false), abroad: total(true), uses: within.length };
}

function partOf(one: LimitUse, measure: 'seconds' | 'communications'): readonly Part[] {
  const { use } = one;
  if (!one.option || use.kind === 'data' || use.kind === 'canceled' || use.direction !== 'outgoing') return [];
  const seconds = use.kind === 'call' ? use.seconds : 0;
  // A call that nobody answered is no communication.
  if (seconds === null) return [];
  return [{ id: use.id, at: use.at, amount: measure === 'seconds' ? seconds : 1, abroad: isAbroad(one) }];
}
