import type { Urgency } from '../model/messages.ts';
import { hours, type Millis, millis, minutes } from '../model/units.ts';

/*
 *   unmetered    ample ──70 %──▶ thrifty ──85 %──▶ spare ──100 %──▶ trickling
 *                  ▲            no telemetry    no checkpoints     records now and then
 *                  └────────────────────── a new day ──────────────────────┘
 *
 * Greetings and wishes for credit always pass: they are small, and calls hang on them. A day is a day of UTC: the limit
 * is a pace and not a tariff, no day of UTC has 23 or 25 hours, and at its beginning nobody in Paris telephones.
 */

/** What is known of one link's day. `spent` counts both ways, headers included. */
type Day = {
  readonly day: number;
  /** Monotonic: a clock that jumps to and fro does not make days. */
  readonly began: Millis;
  readonly spent: number;
  /** On the medium stands that so much may have been spent: a restart counts too much rather than too little. */
  readonly kept: number;
  readonly told: boolean;
};

export type Budget = {
  readonly at: 'unmetered' | 'ample' | 'thrifty' | 'spare' | 'trickling';
  readonly link: string;
  readonly days: Readonly<Record<string, Day>>;
  /** While trickling: may the next envelope go? */
  readonly records: 'due' | 'paused';
  /** Support is told by one telemetry message, whatever else is kept back. */
  readonly owesNews: boolean;
};

/** Bytes a day, by link; a link that is not named is not metered. */
export type BudgetLimits = Readonly<Record<string, number>>;
export type KeptDay = { readonly link: string; readonly day: number; readonly spent: number };

/** `wall` in Unix ms; `trusted` when it was ever set by somebody who knows the time. */
type Now = { readonly wall: number; readonly mono: Millis; readonly trusted: boolean };

export type BudgetEvent =
  /** So many bytes went over the current link since the last count. */
  | { readonly on: 'counted'; readonly bytes: number; readonly now: Now }
  | { readonly on: 'moved'; readonly link: string; readonly now: Now }
  | { readonly on: 'sent'; readonly urgency: Urgency }
  | { readonly on: 'waited' };

export type BudgetEffect =
  | { readonly do: 'hold'; readonly urgencies: readonly Urgency[] }
  | { readonly do: 'keep'; readonly days: readonly KeptDay[] }
  | { readonly do: 'tell'; readonly link: string; readonly spent: number; readonly limit: number }
  | { readonly do: 'wait'; readonly for: Millis };

type Answer = readonly [Budget, readonly BudgetEffect[]];

const DAY = hours(24);
const SHORTEST_DAY = hours(12);
const THRIFTY = 0.7;
const SPARE = 0.85;
/** Share of a day's bytes that is written down ahead. */
const GRAIN = 0.01;
/** Beyond the limit: one envelope of this size each so often, 2.3 MB a day, which is what a site of 2,500 records makes. */
export const TRICKLE_BYTES = 8_000;
const TRICKLE_PAUSE = minutes(5);

/** A day of which nothing is known is taken to have been spent evenly: who forgets gains nothing by it. */
export function startBudget(link: string, limits: BudgetLimits, kept: readonly KeptDay[], now: Now): Budget {
  const today = dayOf(now);
  const days = Object.entries(limits).map(([name, limit]) => {
    const known = kept.find((one) => one.link === name);
    const spent = known?.spent ?? Math.floor((limit * (now.wall - today * DAY)) / DAY);
    const began = millis(now.mono - SHORTEST_DAY);
    return [name, { day: known?.day ?? today, began, spent, kept: spent, told: false }] as const;
  });
  return { at: 'unmetered', link, days: Object.fromEntries(days), records: 'due', owesNews: false };
}

export function stepBudget(state: Budget, event: BudgetEvent, limits: BudgetLimits): Answer {
  const [next, effects] = decide(state, event, limits);
  const held = heldBy(next);
  if (held.join() === heldBy(state).join()) return [next, effects];
  return [next, [...effects, { do: 'hold', urgencies: held }]];
}

/** What is kept back now. */
export function heldBy({ at, records, owesNews }: Budget): readonly Urgency[] {
  const telemetry: readonly Urgency[] = owesNews ? [] : ['telemetry'];
  switch (at) {
    case 'unmetered':
    case 'ample':
      return [];
    case 'thrifty':
      return telemetry;
    case 'spare':
      return ['checkpoint', ...telemetry];
    case 'trickling':
      return records === 'due' ? ['checkpoint', ...telemetry] : ['records', 'checkpoint', ...telemetry];
  }
}

function decide(state: Budget, event: BudgetEvent, limits: BudgetLimits): Answer {
  switch (event.on) {
    case 'counted':
      return settle(spend(state, event.bytes, event.now), limits);
    case 'moved':
      return settle(spend({ ...state, link: event.link, records: 'due' }, 0, event.now), limits);
    case 'sent':
      return sent(state, event.urgency);
    case 'waited':
      return [{ ...state, records: 'due' }, []];
  }
}

function spend(state: Budget, bytes: number, now: Now): Budget {
  const before = state.days[state.link];
  if (before === undefined) return state;
  const day = over(before, now)
    ? { day: dayOf(now), began: now.mono, spent: bytes, kept: 0, told: false }
    : { ...before, spent: before.spent + bytes };
  return { ...state, days: { ...state.days, [state.link]: day } };
}

/** A clock that nobody set says nothing of days: then each lasts 24 hours from its beginning. */
function over({ day, began }: Day, now: Now): boolean {
  const lasted = now.mono - began;
  return now.trusted ? dayOf(now) !== day && lasted >= SHORTEST_DAY : lasted >= SHORTEST_DAY + DAY;
}

function settle(state: Budget, limits: BudgetLimits): Answer {
  const day = state.days[state.link];
  const limit = limits[state.link];
  if (day === undefined || limit === undefined) return [{ ...state, at: 'unmetered', records: 'due' }, []];
  const at = levelOf(day.spent / limit);
  const telling = at === 'trickling' && !day.told;
  const keeping = day.spent > day.kept || day.kept === 0;
  const after: Day = {
    ...day,
    told: day.told || telling,
    kept: keeping ? day.spent + Math.ceil(limit * GRAIN) : day.kept,
  };
  const next: Budget = {
    ...state,
    at,
    days: { ...state.days, [state.link]: after },
    records: at === 'trickling' ? state.records : 'due',
    owesNews: state.owesNews || telling,
  };
  return [
    next,
    [
      ...(keeping ? [{ do: 'keep', days: keptDays(next) } as const] : []),
      ...(telling ? [{ do: 'tell', link: state.link, spent: day.spent, limit } as const] : []),
    ],
  ];
}

function sent(state: Budget, urgency: Urgency): Answer {
  if (urgency === 'telemetry') return [{ ...state, owesNews: false }, []];
  if (urgency !== 'records' || state.at !== 'trickling') return [state, []];
  return [{ ...state, records: 'paused' }, [{ do: 'wait', for: TRICKLE_PAUSE }]];
}

function levelOf(share: number): Budget['at'] {
  if (share >= 1) return 'trickling';
  if (share >= SPARE) return 'spare';
  return share >= THRIFTY ? 'thrifty' : 'ample';
}

const keptDays = ({ days }: Budget): readonly KeptDay[] =>
  Object.entries(days).map(([link, { day, kept }]) => ({ link, day, spent: kept }));

const dayOf = ({ wall }: Now): number => Math.floor(wall / DAY);
