import { type Millis, millis, seconds } from '../model/units.ts';

/** Attempts that failed since a connection last stood. */
export type BackOff = { readonly failures: number };

const LEAST = 250;
const FIRST = 500;
const LONGEST = 60_000;
/** A broker that ends is lost by all its boxes at one instant, and they shall not come back at one: as after so many failures. */
const LOST = 3;
/** A connection that ends sooner was none: a broker that takes and drops everybody is not asked twice a second. */
const STOOD = seconds(30);

/** Also after the path has changed: nobody else has lost theirs, so the first pauses are the shortest. */
export const freshBackOff: BackOff = { failures: 0 };

/** Full jitter: uniform up to twice as much after each failure. `fraction` is drawn in [0, 1). */
export function pauseAfterFailure({ failures }: BackOff, fraction: number): readonly [BackOff, Millis] {
  const longest = Math.min(LONGEST, FIRST * 2 ** failures);
  return [{ failures: Math.min(failures + 1, 16) }, millis(LEAST + fraction * longest)];
}

/** After a connection that was there for `stood`. */
export const pauseAfterLoss = ({ failures }: BackOff, stood: Millis, fraction: number): readonly [BackOff, Millis] =>
  pauseAfterFailure({ failures: stood < STOOD ? Math.max(failures, LOST) : LOST }, fraction);
