import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSpandsp } from '../../../../hw-sim/bench/fax/build-spandsp.ts';
import { faxWithSpandsp, type SpandspWish } from '../../../../hw-sim/bench/fax/spandsp-world.ts';
import { CLEAN_PATH } from '../../../../hw-sim/fax/lossy-path.ts';

let folder = '';
let program = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-spandsp-'));
  program = buildSpandsp('spandsp-terminal', folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A peer as Asterisk is: redundancy 3, nothing said twice. */
const fax = (more: Pick<SpandspWish, 'machine' | 'ecm' | 'pages'> & Partial<SpandspWish>) =>
  faxWithSpandsp({ program, seed: 1, path: CLEAN_PATH, redundancy: 3, repeats: false, ...more });

describe.each(['sends', 'receives'] as const)(
  'X-1: a machine %s, a T.38 terminal of libspandsp at the other end',
  (machine) => {
    it.each([true, false])('X-1, X-5: two pages arrive dot for dot, ECM %s, and each is told', (ecm) => {
      expect(fax({ machine, ecm, pages: 2 })).toMatchObject({ result: 0, pages: 2, whole: true, told: 2 });
    });

    it('X-1: a page arrives whole although the terminal says everything once and a tenth of it is lost', () => {
      expect(fax({ machine, ecm: true, pages: 1, seed: 3, path: { ...CLEAN_PATH, loss: 0.1 } })).toMatchObject({
        whole: true,
        told: 1,
      });
    });
  },
);
