import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePage } from '../../../../agent/fax/page/page-decoder.ts';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import type { Page } from '../../../../agent/fax/page/page-format.ts';
import { writeTiff } from '../../../../agent/fax/page/write-tiff.ts';
import { buildSpandsp } from '../../../../hw-sim/bench/fax/build-spandsp.ts';
import { CLEAN_PATH, type PathRules } from '../../../../hw-sim/fax/lossy-path.ts';
import { textPage } from '../../fax/page/sample-pages.ts';
import { faxWithSpandsp } from './with-spandsp.ts';

let folder = '';
let program = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relais-spandsp-'));
  program = buildSpandsp('spandsp-terminal', folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const documentOf = (pages: number, height: number): readonly Page[] =>
  Array.from({ length: pages }, (_, at) => ({
    width: 1_728,
    resolution: 'standard' as const,
    lines: textPage(1_728, height, at + 1),
  }));

function tiffOf(pages: readonly Page[]): Uint8Array {
  const coded = pages.map(({ width, resolution, lines }) => ({
    coding: 'mmr' as const,
    width,
    resolution,
    height: lines.length,
    octets: encodePage({ coding: 'mmr', width }, lines),
  }));
  return writeTiff(coded, { sender: 'Relais', time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 } });
}

const bitmap = (lines: Page['lines']): string => lines.map((line) => line.join()).join(';');

function fax(ours: 'sends' | 'receives', ecm: boolean, pages: number, path: PathRules = CLEAN_PATH) {
  const document = documentOf(pages, pages === 1 ? 400 : 150);
  const { taken, theirs, ...rest } = faxWithSpandsp({
    program,
    ours,
    ecm,
    document,
    tiff: tiffOf(document),
    path,
    seed: 1,
  });
  const arrived =
    ours === 'sends' ? theirs.map(({ lines }) => lines) : taken.map((one) => decodePage(one, one.octets).lines);
  return { ...rest, whole: arrived.map(bitmap).join('\n') === document.map(({ lines }) => bitmap(lines)).join('\n') };
}

describe.each(['sends', 'receives'] as const)(
  'X-2, X-7: our terminal %s, one of libspandsp at the other end',
  (ours) => {
    it.each([
      [1, true],
      [3, true],
      [1, false],
      [3, false],
    ])('X-5: %i page(s) arrive dot for dot, ECM %s, and each is confirmed', (pages, ecm) => {
      expect(fax(ours, ecm, pages)).toMatchObject({
        result: 0,
        outcome: 'all-confirmed',
        confirmed: pages,
        whole: true,
        tally: { pages, ecm, rate: 'v17-14400' },
      });
    });

    it('X-1: a page arrives whole although a tenth of all datagrams is lost', () => {
      expect(fax(ours, true, 1, { ...CLEAN_PATH, loss: 0.1 })).toMatchObject({ outcome: 'all-confirmed', whole: true });
    });
  },
);
