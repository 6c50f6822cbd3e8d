import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const SECONDS = 5;
const RATE = 1_000;
/** docs/usp.md: what one controller is answered at once, and a second. */
const [AT_ONCE, A_SECOND] = [100, 50];
/** A heap that has worked is larger than one that has not. */
const GROWTH_MIB = 32;

type Report = {
  readonly floodSeconds: number;
  readonly sent: number;
  readonly answers: number;
  readonly roundTrips: { readonly unanswered: number };
  readonly phone: { readonly answered: number; readonly unanswered: number };
  readonly received: boolean;
  readonly before: { readonly privateDirtyMiB: number };
  readonly after: { readonly privateDirtyMiB: number };
};

it('security line 22, D-3, V-1: while one controller sends 1,000 messages a second another one and phones are answered, records arrive, memory is bounded', {
  timeout: 300_000,
}, async () => {
  const bench = resolve('dist/hw-sim/bench/flood.js');
  const words = [bench, '--seconds', String(SECONDS), '--rate', String(RATE)];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  const report: Report = JSON.parse(stdout.slice(stdout.indexOf('{')));
  expect(report.sent).toBeGreaterThanOrEqual(SECONDS * RATE);
  expect(report.answers).toBeGreaterThan(0);
  expect(report.answers).toBeLessThanOrEqual(AT_ONCE + A_SECOND * (report.floodSeconds + 1));
  expect(report.roundTrips.unanswered).toBe(0);
  expect(report.phone).toMatchObject({ unanswered: 0 });
  expect(report.phone.answered).toBeGreaterThan(0);
  expect(report.received).toBe(true);
  expect(report.after.privateDirtyMiB - report.before.privateDirtyMiB).toBeLessThan(GROWTH_MIB);
});
