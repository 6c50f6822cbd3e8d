import { minutes } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';

/** Against a clone that is heard in turns with this box: greetings would go to and fro for as long as both run. */
const PACE = minutes(1);

/**
 * The central has another epoch or another history of this box in mind: a word of an earlier life, or of a clone, came late.
 * A greeting puts it right, and its welcome says who is wrong; at most one a minute.
 */
export function createMisled(clock: Clock, greet: () => void): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    if (clock.mono() - last < PACE) return;
    last = clock.mono();
    greet();
  };
}
