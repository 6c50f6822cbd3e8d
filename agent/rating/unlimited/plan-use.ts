import type { UnlimitedReadings, UnlimitedTerms } from '../../model/readings/unlimited.ts';

/** An answered outgoing call, or a message that was sent. `at` is its start, in Unix milliseconds. */
export type PlanUse = {
  readonly id: string;
  readonly at: number;
  /** The number called or written to, always in the same form. */
  readonly party: string;
  /** The destination is one of the plan's, and the use was not made by a permanent forwarding. */
  readonly included: boolean;
} & ({ readonly kind: 'call'; readonly seconds: number } | { readonly kind: 'sms'; readonly segments: number });

export type PlanRules = { readonly terms: UnlimitedTerms; readonly readings: UnlimitedReadings };

/** Seconds of a call or segments of a message. */
export const unitsOf = (use: PlanUse): number => (use.kind === 'call' ? use.seconds : use.segments);
