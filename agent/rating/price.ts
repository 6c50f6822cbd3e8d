import type { Ticks } from '../model/units.ts';
import type { Destination } from './destination.ts';
import { wholeTicks } from './whole.ts';

/** What a call costs. A destination that the deck does not know is neither free nor priced: it has no way out. */
export type Price = {
  readonly ticksPerSecond: Ticks;
  readonly setupTicks: Ticks;
  readonly inBundle: boolean;
  /** Costs nothing and takes nothing from the bundle. */
  readonly free: boolean;
};

const TICKS_PER_MICRO_EURO = 60;
const NOTHING = wholeTicks(0);
const FREE: Price = { ticksPerSecond: NOTHING, setupTicks: NOTHING, inBundle: false, free: true };
const NO_PRICE: Price = { ticksPerSecond: NOTHING, setupTicks: NOTHING, inBundle: false, free: false };

/** R micro-euro per minute are exactly R ticks per second, so nothing is rounded. */
export function priceOf(destination: Destination): Price {
  const { entry } = destination;
  // Emergency calls are never counted (V-1), whatever a deck may say of them.
  if (destination.class === 'emergency') return FREE;
  if (destination.class === 'invalid') return NO_PRICE;
  // Calls between the account's own numbers stay inside the operator's network.
  if (entry === undefined) return FREE;
  if (entry.perMinuteMicroEuro === 0 && entry.perCallMicroEuro === 0) return FREE;
  return {
    ticksPerSecond: wholeTicks(entry.perMinuteMicroEuro),
    setupTicks: wholeTicks(entry.perCallMicroEuro * TICKS_PER_MICRO_EURO),
    inBundle: entry.inBundle,
    free: false,
  };
}
