import type { Millis } from '../model/units.ts';

export type Cancel = () => void;

/** Two clocks: monotonic for how long, wall (UTC, Unix ms) for when. Timers run on the monotonic one. */
export interface Clock {
  wall(): Millis;
  mono(): Millis;
  /** Calls `fire` once after `delay`; never before. */
  after(delay: Millis, fire: () => void): Cancel;
}
