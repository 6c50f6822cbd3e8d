import { setImmediate as settle } from 'node:timers/promises';
import { type Millis, millis } from '../../agent/model/units.ts';
import type { SimClock } from '../../hw-sim/site/sim-clock.ts';

const STEP = millis(50);

/** Lets simulated time pass in small steps, with every promise settled in between. */
export async function letPass(clock: SimClock, duration: Millis): Promise<void> {
  for (let passed = 0; passed < duration; passed += STEP) {
    await settle();
    clock.advance(millis(Math.min(STEP, duration - passed)));
  }
  await settle();
}

/** The answer to a question that takes simulated time. */
export async function answerWithin<T>(clock: SimClock, duration: Millis, answer: Promise<T>): Promise<T> {
  let settled = false;
  const watched = answer.finally(() => {
    settled = true;
  });
  watched.catch(() => undefined);
  for (let passed = 0; passed <= duration && !settled; passed += STEP) await letPass(clock, STEP);
  if (!settled) throw new Error(`no answer within ${duration} ms`);
  return watched;
}
