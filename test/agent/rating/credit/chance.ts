import fc from 'fast-check';
import type { Fare } from './second-by-second.ts';

/** The destinations of the sample deck, written out a second time by hand. */
export const fare = (dialled: string, perSecond: number, fee: number, inBundle: boolean): Fare => ({
  dialled,
  perSecond,
  fee,
  inBundle,
  free: perSecond + fee === 0,
});
export const FARES = [
  fare('01 23 45 67 89', 10, 0, true),
  fare('+33612345678', 30, 120, true),
  fare('004930123456', 50, 0, false),
  fare('0899 123 456', 0, 300, false),
  fare('0800123456', 0, 0, false),
  fare('#31#112', 0, 0, false),
];

export const id: fc.Arbitrary<string> = fc.constantFrom('a', 'b', 'c', 'd');
export const small = fc.integer({ min: 0, max: 25 });
export const money = fc.integer({ min: 0, max: 1_500 });
export const cycle = fc.integer({ min: 1, max: 3 });
export const twist = fc.record({
  sticky: fc.boolean(),
  setupFeeDue: fc.constantFrom('first_paid_second' as const, 'call_start' as const),
});
