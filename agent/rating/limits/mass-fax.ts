import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Period, Standing } from '../../model/signal.ts';
import { isWithin } from './abroad.ts';
import { type Level, signalsOf, standingOf } from './signals.ts';
import { type Attempt, attemptsOf, shownBy, signLevels } from './signs.ts';

export type FaxMonth = {
  readonly account: string;
  readonly period: Period;
  /** Uses of the account that count, by instant (`countedUses`); only faxes sent in the period are looked at. */
  readonly uses: readonly LimitUse[];
  /** When support lifted a suspension: what was sent before counts no more. */
  readonly lifted: readonly number[];
  readonly now: number;
};

const MINUTE_SECONDS = 60;

/** X-4 (imesit fixe 2.1, cmi fixe 1.1, mie annexe 1): how many signs of mass fax an account has shown in the period. */
export function massFax(month: FaxMonth, { value, article }: LimitRule<'massFax'>): Standing {
  const levels = signLevels(value, faxesOf(month));
  const about = { rule: 'X-4', article, scope: 'account', subject: month.account, unit: 'count' } as const;
  return standingOf(levels, signalsOf(levels, value.steps, about));
}

/**
 * X-3 (imesit fixe 2.4; cmi fixe 1.4, 1.4.1): faxes of the period that began too soon after another one, or beside too
 * many. Where the site enforces `nextFaxAt` there are none; faxes sent by other ways are seen here.
 */
export function faxPace(month: FaxMonth, { value, article }: LimitRule<'faxPace'>): Standing {
  const faxes = faxesOf(month);
  const soon = shownBy({ kind: 'attempts', seconds: MINUTE_SECONDS, over: value.perMinute }, faxes);
  const beside = value.atOnce === undefined ? [] : shownBy({ kind: 'at-once', over: value.atOnce }, faxes);
  const breaches = new Map([...soon, ...beside].map((one) => [one.id, one]));
  const levels = faxes
    .filter(({ id }) => breaches.has(id))
    .map(({ at, id }, index): Level => ({ at, cause: id, measured: index + 1, limit: 0 }));
  const about = { rule: 'X-3', article, scope: 'account', subject: month.account, unit: 'count' } as const;
  return standingOf(levels, signalsOf(levels, value.steps, about));
}

/** A fax on its way or sent; one without an end is still under way. */
export type FaxUnderWay = { readonly at: number; readonly endsAt?: number | undefined };

/**
 * X-3, before the fax: the earliest instant, not before `now`, at which the account may start another one. Undefined:
 * too many are under way, and none of them says when it ends.
 */
export function nextFaxAt(
  faxes: readonly FaxUnderWay[],
  { perMinute, atOnce }: Pick<LimitRule<'faxPace'>['value'], 'perMinute' | 'atOnce'>,
  now: number,
): number | undefined {
  const starts = faxes.map(({ at }) => at).toSorted((a, b) => b - a);
  const last = starts[perMinute - 1];
  const byPace = last === undefined ? now : Math.max(now, last + MINUTE_SECONDS * 1_000);
  const busy = faxes
    .map(({ endsAt }) => endsAt ?? Number.POSITIVE_INFINITY)
    .filter((end) => end > byPace)
    .toSorted((a, b) => b - a);
  const free = atOnce === undefined ? byPace : (busy[atOnce - 1] ?? byPace);
  return Number.isFinite(free) ? free : undefined;
}

function faxesOf({ uses, period, lifted, now }: FaxMonth): readonly Attempt[] {
  const since = lifted.filter((at) => at <= now).reduce((latest, at) => Math.max(latest, at), period.start);
  return attemptsOf(uses, 'fax').filter(({ at }) => isWithin(at, { start: since, end: period.end }) && at <= now);
}
