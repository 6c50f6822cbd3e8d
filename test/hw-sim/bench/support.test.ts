import { expect, it } from 'vitest';
import { liveIdle } from '../../../hw-sim/bench/support/idle-month.ts';
import { siteConfig } from '../../example-site.ts';

/** As `npm run bench:support` measures them with certificates both ways, rounded up. */
const WIRE = { ping: 204, message: 216 } as const;
const DAYS_OF_MONTH = 30;
const AIM = 2_000_000;

it('D-1, U-7: an idle day on a metered link is a thirtieth of less than 2 MB, and the box is heard of all the same', () => {
  const { messages, pings, faults } = liveIdle(siteConfig(), 1, () => undefined);
  const bytes = messages.reduce((sum, { count, bytes }) => sum + bytes + count * WIRE.message, 0) + pings * WIRE.ping;
  expect(bytes * DAYS_OF_MONTH).toBeLessThan(AIM);
  const count = (topic: string): number => messages.find((one) => one.topic === topic)?.count ?? 0;
  expect([count('hello'), count('welcome')]).toEqual([1, 1]);
  expect(count('telemetry')).toBeGreaterThanOrEqual(4);
  expect(count('telemetry')).toBeLessThanOrEqual(5);
  expect(faults).toEqual([]);
});
