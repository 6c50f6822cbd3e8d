import type { Destination } from '../../model/destination.ts';
import type { Limit, Rule } from '../../model/rule.ts';
import type { Usage } from '../../model/usage.ts';

/** The price that a use was charged at, as the price list names it. */
export type PriceNamed = {
  readonly name: string;
  readonly tax: 'HT' | 'TTC';
  readonly tier: string | undefined;
  /** Micro-euro per minute, unit or `unitBytes`, and per call. */
  readonly perUnitMicroEuro: number;
  readonly perCallMicroEuro: number;
};

/** One use with its charge, and everything that the charge follows from. */
export type RatedUse = {
  readonly use: Usage;
  readonly destination: Destination | undefined;
  readonly rule: Rule;
  readonly plan: string | undefined;
  readonly price: PriceNamed | undefined;
  /** Regime, price list and numbering table in force at the start of the use, such as "mie@1". */
  readonly regime: string;
  readonly deck: string;
  readonly numbering: string;
  /** Seconds, segments, messages, bytes or pages: all of them, those of a bundle or allowance, and those paid. */
  readonly quantity: number;
  readonly included: number;
  readonly paid: number;
  /** Not charged because the account or the line was at its limit. */
  readonly waived: number;
  readonly limit: Limit | undefined;
  /** In the tax treatment of the price. */
  readonly ticks: number;
};
