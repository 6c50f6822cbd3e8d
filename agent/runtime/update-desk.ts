import { minutes, seconds } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Updates } from '../ports/updates.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly updates: Pick<Updates, 'wished'>;
  /** No call, no fax, no change of card or of services is under way. */
  readonly quiet: () => boolean;
  readonly restart: () => void;
};

const LOOK = seconds(5);
/** A restart that was ordered and did not come is ordered again. */
const AGAIN = minutes(1);

/** M-5: a release that is wished for is started when nobody is on the phone, and not a moment before. */
export function createUpdateDesk({ clock, turns, updates, quiet, restart }: Needs): { stop(): void } {
  const timers = createTimers<'look'>(clock, turns);
  const look = (): void => {
    const now = updates.wished() && quiet();
    if (now) restart();
    timers.set('look', now ? AGAIN : LOOK, look);
  };
  timers.set('look', LOOK, look);
  return { stop: () => timers.stop() };
}
