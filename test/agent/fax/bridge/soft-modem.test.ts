import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSpandsp } from '../../../../hw-sim/bench/fax/build-spandsp.ts';
import { faxWithSoftModem, type SoftFaxWish } from '../../../../hw-sim/bench/fax/soft-modem-world.ts';
import { SPEEDS } from '../../../../hw-sim/bench/fax/soft-rows.ts';
import { CLEAN_PATH } from '../../../../hw-sim/fax/lossy-path.ts';

let folder = '';
let programs = { modem: '', terminal: '' };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-spandsp-'));
  programs = { modem: buildSpandsp('spandsp-softmodem', folder), terminal: buildSpandsp('spandsp-terminal', folder) };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A peer as Asterisk is: redundancy 3, nothing said twice. */
const fax = (more: Pick<SoftFaxWish, 'machine' | 'ecm'> & Partial<SoftFaxWish>) =>
  faxWithSoftModem({ programs, seed: 1, path: CLEAN_PATH, pages: 1, redundancy: 3, repeats: false, ...more });

const WHOLE = { machine: { result: 0 }, terminal: 0, whole: true, tally: { padded: 0, dropped: 0, overrun: 0 } };

describe.each(['sends', 'receives'] as const)(
  'X-1: a machine %s over real V.21 and V.17 signals, a T.38 terminal of libspandsp at the other end',
  (machine) => {
    it.each([true, false])('X-1, X-5: three pages arrive dot for dot, ECM %s, and each is told', (ecm) => {
      expect(fax({ machine, ecm, pages: 3 })).toMatchObject({ ...WHOLE, told: 3, rate: 'v17-14400', ecm });
    });

    it.each(SPEEDS.filter(({ rate }) => rate !== 'v17-14400'))('X-1: a page arrives at $rate', ({ rate, ...more }) => {
      const ecm = more.checksRefused === 0;
      expect(fax({ machine, ecm, ...more })).toMatchObject({ ...WHOLE, told: 1, rate, ecm });
    });

    it('X-1: a page arrives although a tenth of all datagrams is lost and the pair has an echo', () => {
      const path = { ...CLEAN_PATH, loss: 0.1 };
      expect(fax({ machine, ecm: true, path, seed: 3, echo: 12, delay: 20 })).toMatchObject({ ...WHOLE, told: 1 });
    });
  },
);

it('X-1: a page arrives although a tenth of all datagrams is lost in bursts of three, its command among them', () => {
  const path = { ...CLEAN_PATH, loss: 0.1, burst: 3 };
  expect(fax({ machine: 'receives', ecm: true, path, seed: 2 })).toMatchObject({ ...WHOLE, told: 1 });
});

it('X-1: behind a wire of 19,200 baud no page goes faster than it can be fed', () => {
  const { rate, ...rest } = fax({ machine: 'receives', ecm: false, baudRate: 19_200 });
  expect(rest).toMatchObject({ ...WHOLE, told: 1 });
  expect(rate).toBe('v29-9600');
});
