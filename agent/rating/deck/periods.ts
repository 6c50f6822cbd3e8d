import { startOfDay } from '../calendar/paris.ts';

/** First and last civil day in Paris on which a use may start at a price; open when absent. */
export type Dated = { readonly from?: string | undefined; readonly until?: string | undefined };

/** When each of many prices holds: the few periods that a deck knows, and which of them each price has. */
export type Periods = {
  /** Unix milliseconds of the first instant, and of the first one after. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly of: Uint16Array | Uint32Array;
};

/** Days become instants once, so that a look-up compares numbers and never asks the calendar. */
export function createPeriods(prices: readonly Dated[]): Periods {
  const known = new Map<string, number>();
  const starts: number[] = [];
  const ends: number[] = [];
  const of = prices.map(({ from, until }) => {
    const name = `${from ?? ''}/${until ?? ''}`;
    const at = known.get(name);
    if (at !== undefined) return at;
    starts.push(from === undefined ? Number.NEGATIVE_INFINITY : startOfDay(from));
    ends.push(until === undefined ? Number.POSITIVE_INFINITY : startOfDay(until, 1));
    known.set(name, known.size);
    return known.size - 1;
  });
  const small = known.size <= 65_536;
  return {
    starts: Float64Array.from(starts),
    ends: Float64Array.from(ends),
    of: small ? Uint16Array.from(of) : Uint32Array.from(of),
  };
}

/** does the price with that position hold for a use that starts at this instant (Unix ms)? */
export function holdsAt({ starts, ends, of }: Periods, position: number, at: number): boolean {
  const period = of[position] ?? 0;
  return at >= (starts[period] ?? 0) && at < (ends[period] ?? 0);
}
