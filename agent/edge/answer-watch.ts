import type { Millis } from '../model/units.ts';
import type { Cancel, Clock } from '../ports/clock.ts';

/**
 * Who asked and hears nothing at all is on a connection that is dead, whatever its keep-alive: on a link that is paid by the
 * byte the next ping may be half an hour away, and TCP gives up after a quarter of one.
 */
export interface AnswerWatch {
  /** Something was sent that has an answer. */
  asked(): void;
  answered(): void;
  /** Anything came. */
  heard(): void;
  stop(): void;
}

/** `silent` is told once, when nothing came for `patience` (ms) while an answer was owed. */
export function createAnswerWatch(clock: Clock, patience: Millis, silent: () => void): AnswerWatch {
  let owed = 0;
  let cancel: Cancel = () => undefined;
  const wait = (): void => {
    cancel();
    cancel = clock.after(patience, silent);
  };
  return {
    asked() {
      owed += 1;
      if (owed === 1) wait();
    },
    answered() {
      owed -= 1;
      if (owed === 0) cancel();
    },
    heard() {
      if (owed > 0) wait();
    },
    stop: () => cancel(),
  };
}
