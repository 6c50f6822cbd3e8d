import type { Class, Destination, PriceSelector } from '../../model/destination.ts';
import { createPrefixIndex, find, type PrefixIndex } from '../prefix-index.ts';
import { createPeriods, type Dated, holdsAt, type Periods } from './periods.ts';

/** Does a territory belong to a zone? The members of each zone are data of the numbering table. */
export type IsIn = (territory: string, zone: string) => boolean;

export type Selective = Dated & { readonly for?: PriceSelector | undefined };

/**
 * Prices of one kind, ready to be found. Each position is a place in `prices`; `next` leads from it to the price to try
 * when it does not hold that day: another period of the same selector, then the next shorter prefix.
 */
export type Shelf<Price> = {
  readonly prices: readonly Price[];
  readonly periods: Periods;
  readonly next: Int32Array;
  readonly e164: PrefixIndex;
  readonly short: PrefixIndex;
  readonly classes: ReadonlyMap<Class, ClassShelf>;
  /** First of the prices that are for anything. */
  readonly any: number;
};

type ClassShelf = {
  readonly territories: Map<string, number>;
  readonly zones: { readonly zone: string; readonly position: number }[];
  first: number;
};

const NONE = -1;

/** Where one selector is there twice for the same day, the one that stands first in the list holds. */
export function createShelf<Price extends Selective>(prices: readonly Price[]): Shelf<Price> {
  const next = new Int32Array(prices.length).fill(NONE);
  const e164 = new Map<string, number>();
  const short = new Map<string, number>();
  const classes = new Map<Class, ClassShelf>();
  let any = NONE;
  // From the last to the first, so that the chains run in the order of the list.
  for (const [at, { for: selector }] of [...prices.entries()].reverse()) {
    if (selector === undefined) any = chain(next, at, any);
    else if ('prefix' in selector) e164.set(selector.prefix, chain(next, at, e164.get(selector.prefix)));
    else if ('short' in selector) short.set(selector.short, chain(next, at, short.get(selector.short)));
    else place(classes, selector, at, next);
  }
  return {
    prices,
    periods: createPeriods(prices),
    next,
    e164: nested(e164, next),
    short: nested(short, next),
    classes,
    any,
  };
}

/** the price that names a destination, at an instant; undefined when the shelf has none. */
export function lookUp<Price>(
  shelf: Shelf<Price>,
  destination: Destination,
  at: number,
  isIn: IsIn,
): Price | undefined {
  const { number } = destination;
  // What a number of the client's own costs has nothing to do with its digits.
  if (destination.class !== 'on-net' && destination.class !== 'own-fleet') {
    const first = number.startsWith('+') ? find(shelf.e164, number, 1) : find(shelf.short, number);
    const found = inForce(shelf, first ?? NONE, at);
    if (found !== undefined) return found;
  }
  return ofClass(shelf, shelf.classes.get(destination.class), destination.territory, { at, isIn });
}

/** The price that is for anything. */
export const anyPrice = <Price>(shelf: Shelf<Price>, at: number): Price | undefined => inForce(shelf, shelf.any, at);

function ofClass<Price>(
  shelf: Shelf<Price>,
  known: ClassShelf | undefined,
  territory: string | undefined,
  { at, isIn }: { readonly at: number; readonly isIn: IsIn },
): Price | undefined {
  if (known === undefined) return undefined;
  if (territory !== undefined) {
    const found = inForce(shelf, known.territories.get(territory) ?? NONE, at);
    if (found !== undefined) return found;
    for (const { zone, position } of known.zones) {
      if (holdsAt(shelf.periods, position, at) && isIn(territory, zone)) return shelf.prices[position];
    }
  }
  return inForce(shelf, known.first, at);
}

function inForce<Price>({ prices, periods, next }: Shelf<Price>, first: number, at: number): Price | undefined {
  for (let position = first; position !== NONE; position = next[position] ?? NONE) {
    if (holdsAt(periods, position, at)) return prices[position];
  }
  return undefined;
}

function chain(next: Int32Array, at: number, first = NONE): number {
  next[at] = first;
  return at;
}

function place(
  classes: Map<Class, ClassShelf>,
  selector: Extract<PriceSelector, { class: Class }>,
  at: number,
  next: Int32Array,
): void {
  const known: ClassShelf = classes.get(selector.class) ?? { territories: new Map(), zones: [], first: NONE };
  classes.set(selector.class, known);
  const { territory, zone } = selector;
  if (territory !== undefined) {
    known.territories.set(territory, chain(next, at, known.territories.get(territory)));
  } else if (zone !== undefined) {
    known.zones.unshift({ zone, position: at });
  } else {
    known.first = chain(next, at, known.first);
  }
}

/** Indexes the first price of each prefix, and lets the last one of each lead on to the prefix around it. */
function nested(firsts: ReadonlyMap<string, number>, next: Int32Array): PrefixIndex {
  const open: string[] = [];
  for (const prefix of [...firsts.keys()].sort()) {
    while (!prefix.startsWith(open.at(-1) ?? '')) open.pop();
    const around = firsts.get(open.at(-1) ?? '') ?? NONE;
    let last = firsts.get(prefix) ?? NONE;
    while ((next[last] ?? NONE) !== NONE) last = next[last] ?? NONE;
    next[last] = around;
    open.push(prefix);
  }
  return createPrefixIndex([...firsts]);
}
