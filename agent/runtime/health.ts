import { hours, minutes, seconds } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly clock: Clock;
  readonly turns: Turns;
  /** The broker has taken the box in. */
  readonly joined: () => boolean;
  /** Milliseconds for which the central had not been heard when this life began. */
  readonly silentFor: number;
  /** Said once. */
  readonly tell: () => void;
};

export interface Health {
  /** SIP goes through the relay. */
  relayed(): void;
  stop(): void;
}

const LOOK = seconds(1);
/** A site whose central was not heard for so long has no broker to prove itself by; it then waits a little. */
const AWAY_BEFORE = hours(1);
const ALONE = minutes(1);

/**
 * Says when all that a release is for works: the ledger is open (or this would not run), SIP passes, and the broker is
 * reached as it was before. A release whose box was offline before need not reach what could not be reached.
 */
export function createHealth({ clock, turns, joined, silentFor, tell }: Needs): Health {
  const timers = createTimers<'look'>(clock, turns);
  const began = clock.mono();
  let passes = false;
  const look = (): void => {
    const wasAway = silentFor >= AWAY_BEFORE && clock.mono() - began >= ALONE;
    if (passes && (joined() || wasAway)) return tell();
    timers.set('look', LOOK, look);
  };
  return {
    relayed() {
      if (passes) return;
      passes = true;
      look();
    },
    stop: () => timers.stop(),
  };
}
