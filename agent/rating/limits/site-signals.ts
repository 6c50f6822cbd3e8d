import type { LimitRule } from '../../model/limits.ts';
import type { Signal } from '../../model/signal.ts';
import { parisDay, parisInstant } from '../calendar/paris.ts';
import type { Contract } from '../credit/contract.ts';
import { abnormalRise } from './abnormal-rise.ts';
import { bothSums, type CallSums, dailyFigures, type Figures, NO_CALLS } from './daily-figures.ts';
import { dataSignals } from './data-signals.ts';
import { callsOf, type LineHistory, monthOf, shownIn, spendingOf, useOf } from './line-history.ts';
import { keyOf } from './orders.ts';
import { massFaxSignals } from './sent-faxes.ts';
import { signalsOf } from './signals.ts';
import { levelsOf } from './signs.ts';
import { clearedAt, type SiteLimits } from './site-limits.ts';
import { moneySignals } from './site-money.ts';

/**
 * What is due at a site at an instant, by the rules that its own records can answer: C-1, C-2, C-6, V-4, V-7 and X-4 by its
 * calls and faxes, R-8, S-6 and S-7 by the data of its mobile line. Each ends
 * by itself: C-1 and C-2 when the limit rises or the cycle turns, C-6 after the days that a signal stands, V-4 with the
 * civil day after the one judged (or with that day, where it is judged while it runs), V-7 and X-4 with the month of the calendar.
 */
export function siteSignals(limits: SiteLimits, contract: Contract, now: number): readonly Signal[] {
  const { dailyFigures: daily, automaticDialing, abnormalRise: rise } = contract.regime.limits;
  const lines = Object.entries(limits.lines);
  const found = [
    ...moneySignals(limits.money.crossings, contract),
    ...(daily === undefined ? [] : dailySignals(limits, contract, daily, now)),
    ...(automaticDialing === undefined
      ? []
      : lines.flatMap(([line, history]) => dialingSignals(line, history, contract, now))),
    ...(rise === undefined
      ? []
      : lines.flatMap(([line, history]) => riseSignals(line, history, { limits, contract, now }))),
    ...Object.entries(limits.data).flatMap(([line, data]) => dataSignals({ line, data, contract, now })),
    ...massFaxSignals(limits.faxes, contract, now),
  ];
  const known = new Set(found.map(keyOf));
  return [
    ...found,
    ...limits.inForce.filter((one) => !known.has(keyOf(one)) && isCarried(one, { limits, contract, now })),
  ];
}

/**
 * What began before the first record of this life of the store: the calls that made it due are not there any more, so it
 * stays for the whole of its period. Credit, or a new cycle, ends what was due to money.
 */
function isCarried({ rule, subject, at }: Signal, { limits, contract, now }: At): boolean {
  const { began, money } = limits;
  if (began === undefined || at >= began) return false;
  const today = parisDay(now);
  const isCleared = clearedAt(contract, subject) >= at;
  switch (rule) {
    case 'C-1':
    case 'C-2':
      return money.lent === 0 && money.turned === 0;
    case 'C-6':
      return !isCleared && today < parisDay(at) + (contract.regime.limits.abnormalRise?.value.heldDays ?? 0);
    case 'V-4':
      return today <= parisDay(at) + 1;
    case 'V-7':
      return !isCleared && now < monthOf(at).end;
    case 'R-8':
    case 'S-6':
    case 'S-7':
      return now < monthOf(at).end && !isRestored(limits.data[subject], at);
    case 'X-4':
      return (contract.cleared ?? []).every((one) => one.at < at) && now < monthOf(at).end;
    default:
      return false;
  }
}

/** S-6, S-7: a waiver or a pack of after that instant. */
const isRestored = (data: SiteLimits['data'][string] | undefined, at: number): boolean =>
  data !== undefined && (data.packs.some((pack) => pack.at >= at) || data.waivers.some((waiver) => waiver.from >= at));

/** V-4: the figures of one civil day of the site; undefined when nobody called. */
export function figuresOn(limits: SiteLimits, contract: Contract, day: number): Figures | undefined {
  const rule = contract.regime.limits.dailyFigures ?? NEVER_DUE;
  const { figures } = dailyFigures({ ...asked(limits, contract, day), now: parisInstant(day + 1) }, rule);
  return figures.attempts === 0 ? undefined : figures;
}

/** V-4: days before that one on which somebody called, and that nobody has counted yet; the first of them first. */
export function uncountedDays({ lines, counted }: SiteLimits, before: number): readonly number[] {
  const days = Object.values(lines).flatMap((history) => history.days.map(({ day }) => day));
  return [...new Set(days)].filter((day) => day > counted && day < before).toSorted((a, b) => a - b);
}

const NEVER_DUE: LimitRule<'dailyFigures'> = {
  article: '',
  value: { minimumAttempts: 1, judged: 'closed', steps: [] },
};

const asked = ({ lines }: SiteLimits, { account }: Contract, day: number) => ({
  ...{ account: account.id, day, before: thinnedOn(lines, day) },
  uses: Object.entries(lines)
    .flatMap(([line, history]) => callsOf(history).map((call) => useOf(line, call)))
    .toSorted((a, b) => a.use.at - b.use.at || (a.use.id < b.use.id ? -1 : 1)),
});

const thinnedOn = (lines: SiteLimits['lines'], day: number): CallSums =>
  Object.values(lines)
    .flatMap(({ days }) => days.flatMap((one) => (one.day === day && one.thinned ? [one.thinned] : [])))
    .reduce(bothSums, NO_CALLS);

/** A day is judged once it was counted: until then a call may run that began on it. */
function dailySignals(
  limits: SiteLimits,
  contract: Contract,
  rule: LimitRule<'dailyFigures'>,
  now: number,
): readonly Signal[] {
  const today = parisDay(now);
  const day = rule.value.judged === 'closed' ? today - 1 : today;
  if (rule.value.judged === 'closed' && limits.counted < day) return [];
  return dailyFigures({ ...asked(limits, contract, day), now }, rule).inForce;
}

function dialingSignals(line: string, history: LineHistory, contract: Contract, now: number): readonly Signal[] {
  const rule = contract.regime.limits.automaticDialing;
  if (rule === undefined) return [];
  const firsts = shownIn(history, now, { rule, clearedAt: clearedAt(contract, line) });
  const levels = levelsOf(
    rule.value,
    firsts.filter(({ at }) => at <= now),
  );
  const about = { rule: 'V-7', article: rule.article, scope: 'line', subject: line, unit: 'count' } as const;
  return signalsOf(levels, rule.value.steps, about);
}

type At = { readonly limits: SiteLimits; readonly contract: Contract; readonly now: number };

function riseSignals(line: string, history: LineHistory, { limits, contract, now }: At): readonly Signal[] {
  const rule = contract.regime.limits.abnormalRise;
  if (rule === undefined || limits.began === undefined) return [];
  const cleared = (contract.cleared ?? []).filter((one) => one.line === line).map(({ at }) => at);
  const past = { line, activated: limits.began, uses: spendingOf(line, history), cleared, now };
  return abnormalRise(past, rule).inForce;
}
