import type { Clock } from '../ports/clock.ts';

const TICK = 100;
/** The supervisor opens the straight path a fifth of a second later (V-1). */
const STALL = 1_000;
const STALE = 100;

export type StallWatch = {
  /** What is read now may have waited while the process hung. */
  stale(): boolean;
  stop(): void;
};

/**
 * Notices that the event loop stood still. What the sockets kept meanwhile is old: its sender has said it again (RFC 3261
 * 17.1: SIP over UDP repeats), perhaps past this process, and passed on now it would be a ghost.
 */
export function createStallWatch({ mono }: Pick<Clock, 'mono'>): StallWatch {
  let last = mono();
  let until = 0;
  const look = (): void => {
    const now = mono();
    if (now - last >= STALL) until = now + STALE;
    last = now;
  };
  const timer = setInterval(look, TICK).unref();
  return {
    stale() {
      look();
      return last < until;
    },
    stop: () => clearInterval(timer),
  };
}
