import { type Millis, millis } from '../../agent/model/units.ts';
import type { Cancel, Clock } from '../../agent/ports/clock.ts';
import { compactTimers, popTimer, pushTimer, type Timer, type TimerHeap } from './timer-heap.ts';

/**
 * Simulated time: whole milliseconds that pass only when somebody lets them. Timers fire in order of instant, then of
 * creation. Left out: no promise settles in between, so everything below it is written with callbacks.
 */
export type SimClock = Clock & {
  advance(duration: Millis): void;
  /** Lets time pass up to an instant of the monotonic clock. */
  runUntil(instant: Millis): void;
  /** Somebody, or NTP, moves the wall clock; timers do not notice. */
  stepWall(by: Millis): void;
  /** Timers that fired since the beginning. */
  fired(): number;
  /** Timers in the queue, canceled ones that are not yet thrown out included. */
  queued(): number;
};

type Works = {
  readonly heap: TimerHeap;
  now: number;
  wallAhead: number;
  made: number;
  fired: number;
  canceled: number;
  running: boolean;
};

export function createSimClock(wall: Millis): SimClock {
  const works: Works = { heap: [], now: 0, wallAhead: wall, made: 0, fired: 0, canceled: 0, running: false };
  return {
    wall: () => millis(works.wallAhead + works.now),
    mono: () => millis(works.now),
    after: (delay, fire) => after(works, delay, fire),
    advance: (duration) => run(works, works.now + duration),
    runUntil: (instant) => run(works, instant),
    stepWall: (by) => {
      works.wallAhead += by;
    },
    fired: () => works.fired,
    queued: () => works.heap.length,
  };
}

function after(works: Works, delay: Millis, fire: () => void): Cancel {
  if (!Number.isFinite(delay)) throw new RangeError(`not a delay: ${delay}`);
  works.made += 1;
  const timer: Timer = { at: works.now + Math.max(0, Math.ceil(delay)), order: works.made, fire };
  pushTimer(works.heap, timer);
  return () => cancel(works, timer);
}

function cancel(works: Works, timer: Timer): void {
  if (timer.fire === undefined) return;
  timer.fire = undefined;
  works.canceled += 1;
  if (works.canceled < 64 || works.canceled * 2 < works.heap.length) return;
  compactTimers(works.heap);
  works.canceled = 0;
}

function run(works: Works, until: number): void {
  if (works.running) throw new Error('time cannot be advanced from inside a timer');
  works.running = true;
  try {
    while ((works.heap[0]?.at ?? Number.POSITIVE_INFINITY) <= until) fireFirst(works);
    works.now = Math.max(works.now, until);
  } finally {
    works.running = false;
  }
}

function fireFirst(works: Works): void {
  const timer = popTimer(works.heap);
  if (timer === undefined) return;
  const { fire } = timer;
  if (fire === undefined) {
    works.canceled -= 1;
    return;
  }
  timer.fire = undefined;
  works.now = timer.at;
  works.fired += 1;
  fire();
}
