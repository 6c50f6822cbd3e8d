import { type Millis, millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';

/** One life of the agent's process. What it asked for is not told to it once it is dead. */
export type Life = {
  readonly number: number;
  /** Names the boot of the box: a killed agent comes back in the same boot, a power cut begins another. */
  readonly boot: string;
  alive(): boolean;
  /** The same callback, deaf after death. */
  hears<Said extends readonly unknown[]>(listen: (...said: Said) => void): (...said: Said) => void;
  /** What the kernel does for a dead process: closes sockets, drops locks. */
  atEnd(then: () => void): void;
  end(): void;
};

export function createLife(number: number, boot: string): Life {
  const wills: (() => void)[] = [];
  let alive = true;
  return {
    number,
    boot,
    alive: () => alive,
    hears:
      (listen) =>
      (...said) => {
        if (alive) listen(...said);
      },
    atEnd: (then) => {
      wills.push(then);
    },
    end: () => {
      if (!alive) return;
      alive = false;
      for (const will of wills) will();
    },
  };
}

/** The clocks as one life sees them: monotonic time counts from the boot of the box, and dead timers never fire. */
export function createLifeClock(clock: Clock, life: Life, bootedAt: Millis): Clock {
  return {
    wall: () => clock.wall(),
    mono: () => millis(clock.mono() - bootedAt),
    after: (delay, fire) => {
      if (!life.alive()) return () => {};
      return clock.after(delay, () => {
        if (life.alive()) fire();
      });
    },
  };
}
