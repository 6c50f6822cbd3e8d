import { whole } from '../whole.ts';

/** Credit of the two kinds that a lease carries: money out of bundle, and seconds of the bundle. Plain numbers, for JSON. */
export type Credit = { readonly ticks: number; readonly bundleSeconds: number };

export const NO_CREDIT: Credit = { ticks: 0, bundleSeconds: 0 };

/** @throws RangeError when a sum leaves the safe integers. */
export const plus = (a: Credit, b: Credit): Credit => each(a, b, (x, y) => x + y);

/** What is left of `a` without `b`, each kind for itself; never negative. */
export const less = (a: Credit, b: Credit): Credit => each(a, b, (x, y) => Math.max(0, x - y));

/** The smaller of each kind. */
export const atMost = (a: Credit, b: Credit): Credit => each(a, b, Math.min);

const each = (a: Credit, b: Credit, join: (x: number, y: number) => number): Credit => ({
  ticks: whole(join(whole(a.ticks), whole(b.ticks))),
  bundleSeconds: whole(join(whole(a.bundleSeconds), whole(b.bundleSeconds))),
});
