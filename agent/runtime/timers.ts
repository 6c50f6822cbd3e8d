import type { Millis } from '../model/units.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Turns } from './turns.ts';

/** Named timers: the same name again replaces the one before. They fire in a turn of their own. */
export interface Timers<Name extends string> {
  set(name: Name, patience: Millis, fire: () => void): void;
  clear(name: Name): void;
  /** For good: what comes back late from the world sets no timer of a life that is over. */
  stop(): void;
}

export function createTimers<Name extends string>(clock: Clock, turns: Turns): Timers<Name> {
  const running = new Map<Name, Cancel>();
  let stopped = false;
  const clear = (name: Name): void => {
    running.get(name)?.();
    running.delete(name);
  };
  return {
    set(name, patience, fire) {
      clear(name);
      if (stopped) return;
      const cancel = clock.after(patience, () => {
        running.delete(name);
        turns(fire);
      });
      running.set(name, cancel);
    },
    clear,
    stop() {
      stopped = true;
      for (const cancel of running.values()) cancel();
      running.clear();
    },
  };
}
