import type { Tier } from './tier.ts';

/**
 * Where a call comes from, as far as a pay-out cares: `geographic` is any fixed line of mainland France, 09 included;
 * `unpaid` is a call whose caller did not pay, `no-agreement` one of an operator that the holder's has no agreement with.
 */
export type Origin = 'geographic' | 'mobile' | 'overseas' | 'payphone' | 'international' | 'unpaid' | 'no-agreement';

/** A call to a special number. */
export type ReceivedCall = {
  readonly id: string;
  /** Start, in Unix milliseconds. */
  readonly at: number;
  /** From answer to release; undefined when nobody answered. */
  readonly seconds: number | undefined;
  /** Undefined: withheld; such calls are held against nobody. */
  readonly caller: string | undefined;
  readonly origin: Origin;
  /** Made by a machine that calls a payphone back. */
  readonly automaticCallback: boolean;
};

/** A special number in one month: its tier changes on the first of a month only (R10). */
export type SpecialNumber = {
  readonly number: string;
  readonly tier: Tier;
  /** Where its calls are routed to (R13). */
  readonly route: 'geo_metro' | 'elsewhere';
  /** Day number in Paris on which it was ported to another operator. */
  readonly portedOutOn: number | undefined;
  readonly calls: readonly ReceivedCall[];
};
