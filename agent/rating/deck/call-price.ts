import type { RoamingVoicePrice, VoicePrice } from '../../model/deck.ts';
import type { CapReadings } from '../../model/readings/cap.ts';
import type { Ticks } from '../../model/units.ts';
import { whole, wholeTicks } from '../whole.ts';

/** What the paid seconds of one call cost. Made by `callPriceOf`, which proves that no cost leaves the whole numbers. */
export type CallPrice = {
  readonly ticksPerSecond: number;
  readonly feeTicks: number;
  readonly minimumTicks: number;
  /** Seconds that the first paid second brings with it, and each one after those. */
  readonly firstSeconds: number;
  readonly stepSeconds: number;
  /** M5 */
  readonly feeDue: CapReadings['setup_fee_due'];
};

/** Longest use that a record may hold, in seconds. */
export const LONGEST_CALL_SECONDS = 10_000_000;
const TICKS_PER_MICRO_EURO = 60;

/**
 * R micro-euro per minute are exactly R ticks per second, so nothing is rounded.
 * @throws RangeError when the longest call at this price would pass 2^53 ticks.
 */
export function callPriceOf(
  price: VoicePrice | RoamingVoicePrice,
  feeDue: CapReadings['setup_fee_due'] = 'first_paid_second',
): CallPrice {
  const made: CallPrice = {
    ticksPerSecond: whole(price.perMinuteMicroEuro),
    feeTicks: whole(price.perCallMicroEuro * TICKS_PER_MICRO_EURO),
    minimumTicks: whole(price.minimumMicroEuro * TICKS_PER_MICRO_EURO),
    firstSeconds: price.firstSeconds,
    stepSeconds: price.stepSeconds,
    feeDue,
  };
  costOf(LONGEST_CALL_SECONDS, made);
  return made;
}

/**
 * Cost of an answered call with so many seconds beyond its bundle, 0 to 10,000,000. Never less for a longer call.
 * M5: the set-up fee is due with the first paid second, or at the start of a call that nothing else is paid for; the
 * least charge only once a second is paid.
 * @throws RangeError on seconds out of range.
 */
export function costOf(paidSeconds: number, price: CallPrice): Ticks {
  if (!Number.isInteger(paidSeconds) || paidSeconds < 0 || paidSeconds > LONGEST_CALL_SECONDS) {
    throw new RangeError(`paid seconds are whole, 0 to ${LONGEST_CALL_SECONDS}, not ${paidSeconds}`);
  }
  if (paidSeconds === 0) return wholeTicks(price.feeDue === 'call_start' ? price.feeTicks : 0);
  const spoken = whole(billedSeconds(paidSeconds, price) * price.ticksPerSecond);
  return wholeTicks(Math.max(price.minimumTicks, spoken + price.feeTicks));
}

/** What one second more would cost: whole intervals when it opens one, 0 inside. 0 to 9,999,999 seconds before it. */
export const costOfNextSecond = (paidSeconds: number, price: CallPrice): Ticks =>
  wholeTicks(costOf(paidSeconds + 1, price) - costOf(paidSeconds, price));

/**
 * The exact inverse of `costOf`: most paid seconds, up to 10,000,000, that cost no more than the amount; undefined when
 * it does not even pay for the start of the call (M5 `call_start`).
 */
export function secondsFor(amount: number, price: CallPrice): number | undefined {
  if (whole(amount) < costOf(0, price)) return undefined;
  if (amount < costOf(1, price)) return 0;
  if (price.ticksPerSecond === 0) return LONGEST_CALL_SECONDS;
  const billed = Math.floor((amount - price.feeTicks) / price.ticksPerSecond);
  const steps = Math.floor((billed - price.firstSeconds) / price.stepSeconds);
  return Math.min(LONGEST_CALL_SECONDS, price.firstSeconds + steps * price.stepSeconds);
}

function billedSeconds(paidSeconds: number, { firstSeconds, stepSeconds }: CallPrice): number {
  return firstSeconds + Math.ceil(Math.max(0, paidSeconds - firstSeconds) / stepSeconds) * stepSeconds;
}
