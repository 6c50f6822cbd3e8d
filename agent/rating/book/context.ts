import type { Account, AccountLine } from '../../model/account.ts';
import type { Deck, Plan } from '../../model/deck.ts';
import type { Numbering } from '../../model/numbering.ts';
import type { Regime } from '../../model/regime.ts';
import { startOfDay } from '../calendar/paris.ts';

/** Everything that rating one account needs to know; each list holds the versions of it, in any order. */
export type RatingContext = {
  readonly account: Account;
  readonly regimes: readonly InForce<Regime>[];
  readonly decks: readonly Deck[];
  readonly numberings: readonly Numbering[];
};

/** A version and the civil day in Paris from which it holds ("2026-01-01"). */
export type InForce<T> = { readonly from: string; readonly is: T };

/** What holds for one use, by the instant of its start. */
export type Holding = {
  readonly regime: Regime;
  readonly deck: Deck;
  readonly numbering: Numbering;
  readonly account: Account;
  /** The account's own numbers, which are on-net. */
  readonly numbers: ReadonlySet<string>;
  readonly line: AccountLine;
  readonly plan: Plan;
};

/** What is lacking to rate a use; once it is given, the use can be rated. */
export type Missing = { readonly missing: 'line' | 'regime' | 'deck' | 'numbering' | 'plan' };

/** A context with its days made instants, so that a look-up compares numbers. */
export type Prepared = {
  readonly context: RatingContext;
  readonly lines: ReadonlyMap<string, readonly Life[]>;
  readonly numbers: ReadonlySet<string>;
  readonly regimes: readonly Since<Regime>[];
  readonly decks: readonly Since<Deck>[];
  readonly numberings: readonly Since<Numbering>[];
};

type Since<T> = { readonly start: number; readonly is: T };
/** One time in service of a number. */
type Life = {
  readonly line: AccountLine;
  readonly start: number;
  readonly end: number;
  readonly plans: readonly Since<string>[];
};

export function prepare(context: RatingContext): Prepared {
  const lines = new Map<string, Life[]>();
  for (const line of context.account.lines) {
    const end = line.until === undefined ? Number.POSITIVE_INFINITY : startOfDay(line.until, 1);
    const plans = inOrder(line.plans.map(({ from, plan }) => ({ start: startOfDay(from), is: plan })));
    const life = { line, start: startOfDay(line.from), end, plans };
    lines.set(line.number, [...(lines.get(line.number) ?? []), life]);
  }
  return {
    context,
    lines,
    numbers: new Set(lines.keys()),
    regimes: inOrder(context.regimes.map(({ from, is }) => ({ start: startOfDay(from), is }))),
    decks: inOrder(context.decks.map((is) => ({ start: startOfDay(is.from), is }))),
    numberings: inOrder(context.numberings.map((is) => ({ start: startOfDay(is.from), is }))),
  };
}

export function holdingAt(prepared: Prepared, number: string, at: number): Holding | Missing {
  const life = prepared.lines.get(number)?.find(({ start, end }) => start <= at && at < end);
  if (life === undefined) return { missing: 'line' };
  const regime = latest(prepared.regimes, at);
  if (regime === undefined) return { missing: 'regime' };
  const deck = latest(prepared.decks, at);
  if (deck === undefined) return { missing: 'deck' };
  const numbering = latest(prepared.numberings, at);
  if (numbering === undefined) return { missing: 'numbering' };
  const subscribed = latest(life.plans, at);
  const plan = deck.plans.find(({ id }) => id === subscribed);
  if (plan === undefined) return { missing: 'plan' };
  const { account } = prepared.context;
  return { regime, deck, numbering, account, numbers: prepared.numbers, line: life.line, plan };
}

export const regimeOn = (prepared: Prepared, at: number): Regime | undefined => latest(prepared.regimes, at);
export const tableOn = (prepared: Prepared, at: number): Numbering | undefined => latest(prepared.numberings, at);
export const deckOn = (prepared: Prepared, at: number): Deck | undefined => latest(prepared.decks, at);

const inOrder = <T extends { readonly start: number }>(versions: readonly T[]): readonly T[] =>
  versions.toSorted((a, b) => a.start - b.start);

/** The version with the latest first day that has come; of two with the same day, the one that comes later in the list. */
function latest<T>(versions: readonly Since<T>[], at: number): T | undefined {
  for (let index = versions.length - 1; index >= 0; index -= 1) {
    const version = versions[index];
    if (version !== undefined && version.start <= at) return version.is;
  }
  return undefined;
}
