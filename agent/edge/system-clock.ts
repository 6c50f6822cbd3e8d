import { randomBytes } from 'node:crypto';
import { millis } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { Random } from '../ports/random.ts';

/** The kernel's clocks. `mono` is CLOCK_MONOTONIC: it goes on counting when this process is started again. */
export const systemClock = (): Clock => ({
  wall: () => millis(Date.now()),
  mono: () => millis(Number(process.hrtime.bigint() / 1_000n) / 1_000),
  after(delay, fire) {
    const timer = setTimeout(fire, Math.min(Math.ceil(delay), 2 ** 31 - 1));
    return () => clearTimeout(timer);
  },
});

export const systemRandom = (): Random => ({
  hex: (count) => randomBytes(count).toString('hex'),
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
});
