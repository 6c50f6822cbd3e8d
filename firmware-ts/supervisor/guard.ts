import { type Millis, millis, minutes, seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { WatchdogLine } from '../wires/watchdog.ts';

export interface Guard {
  /** The agent works now, or is being started and has its time for that. */
  good(how: 'works' | 'starts'): void;
  /** An orderly end: the hardware is told that nobody will come any more. */
  leave(): void;
}

/** A start may open a long ledger; the supervisor ends one that takes five minutes (supervisor-machine.ts). */
const FOR_A_START = minutes(6);
const FOR_A_BEAT = seconds(15);
/** Petted at a third of its time, and once in ten seconds at least. */
const PART = 3;
const LONGEST_STEP = seconds(10);

/**
 * Pets the watchdog of the hardware while the agent truly works, and not because a timer runs: without a sign of life in
 * its time nothing is written, and the hardware starts the box anew. `time` is the timer of the device.
 */
export function guardBox(line: WatchdogLine, clock: Clock, time: Millis): Guard {
  const step = millis(Math.min(LONGEST_STEP, Math.floor(time / PART)));
  let until = clock.mono() + FOR_A_START;
  let cancel = (): void => undefined;
  const look = (): void => {
    cancel = clock.after(step, look);
    if (clock.mono() < until) line.pet();
  };
  line.pet();
  cancel = clock.after(step, look);
  return {
    good(how) {
      until = clock.mono() + (how === 'starts' ? FOR_A_START : FOR_A_BEAT);
    },
    leave() {
      cancel();
      line.leave();
    },
  };
}
