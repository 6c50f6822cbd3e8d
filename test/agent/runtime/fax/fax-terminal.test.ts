import { describe, expect, it } from 'vitest';
import { encodePage } from '../../../../agent/fax/page/page-encoder.ts';
import type { Page } from '../../../../agent/fax/page/page-format.ts';
import { readTiff } from '../../../../agent/fax/page/read-tiff.ts';
import { writeTiff } from '../../../../agent/fax/page/write-tiff.ts';
import { minutes } from '../../../../agent/model/units.ts';
import { CLEAN_PATH } from '../../../../hw-sim/fax/lossy-path.ts';
import { textPage } from '../../fax/page/sample-pages.ts';
import { type Boxes, type BoxWish, OUR_LINE, twoBoxes } from './two-boxes.ts';

const DOCUMENT: readonly Page[] = [1, 2].map((seed) => ({
  width: 1_728,
  resolution: 'fine',
  lines: textPage(1_728, 120, seed),
}));
const tiffOf = (pages: readonly Page[]): Uint8Array =>
  writeTiff(
    pages.map(({ width, resolution, lines }) => ({
      coding: 'mmr' as const,
      width,
      resolution,
      height: lines.length,
      octets: encodePage({ coding: 'mmr', width }, lines),
    })),
    { sender: '', time: { year: 2026, month: 1, day: 1, hour: 0, minute: 0, second: 0 } },
  );
const TIFF = tiffOf(DOCUMENT);
const bitmaps = (pages: readonly Page[]): readonly string[] =>
  pages.map(({ lines }) => lines.map((line) => line.join()).join(';'));
const keptPages = ({ kept }: Boxes): readonly string[] =>
  [...kept.values()].flatMap((pages) =>
    [...pages].toSorted(([a], [b]) => a - b).flatMap(([, tiff]) => bitmaps(readTiff(tiff).pages ?? [])),
  );

function run(wish: Partial<BoxWish>, lasting = 6): Boxes {
  const boxes = twoBoxes({ path: CLEAN_PATH, seed: 5, jobs: [{ id: 'a', pages: 2, tiff: TIFF }], ...wish });
  boxes.clock.advance(minutes(lasting));
  return boxes;
}
const lastNote = ({ notes }: Boxes, id = 'a') => notes.get(id)?.at(-1);

describe('X-2, X-7: a document goes from the outbox of one box to the inbox of another', () => {
  it.each([
    [0, true],
    [0.05, true],
    [0.1, true],
    [0.2, true],
    [0, false],
    [0.1, false],
  ])('with %f of all datagrams lost, ECM %s, every page dot for dot', (loss, ecm) => {
    const boxes = run({ path: { ...CLEAN_PATH, loss }, ecm });
    expect(keptPages(boxes)).toEqual(bitmaps(DOCUMENT));
    expect(lastNote(boxes)).toMatchObject({ state: 'sent', confirmed: 2, tries: 1 });
  });

  it('U-1, X-5: both sides report the beginning, each page and the end, and the fax is kept with its sender', () => {
    const boxes = run({});
    expect(boxes.sent.map(({ on }) => on)).toEqual(['begun', 'answered', 'page-confirmed', 'page-confirmed', 'ended']);
    expect(boxes.received.map(({ on }) => on)).toEqual([
      'begun',
      'answered',
      'page-confirmed',
      'page-confirmed',
      'ended',
    ]);
    expect(boxes.sent.at(-1)).toMatchObject({
      outcome: 'all-confirmed',
      tally: { pages: 2, ecm: true, rate: 'v17-14400', station: '+33 4 00 00 00 01' },
    });
    expect(boxes.ended).toMatchObject([
      { fax: { peer: OUR_LINE, station: '+33 1 23 45 67 89' }, ending: { outcome: 'all-confirmed', pages: 2 } },
    ]);
  });
});

describe('X-3, X-7: the queue of documents', () => {
  it('a busy line is tried again after a pause, each time later, and given up when the pauses are used up', () => {
    const boxes = run({ refuse: () => 486 }, 60);
    expect(lastNote(boxes)).toMatchObject({ state: 'failed', tries: 6, last: { outcome: 'busy' } });
    const pauses = boxes.dialed.slice(1).map((at, k) => Math.round((at - (boxes.dialed[k] ?? 0)) / 1_000));
    expect(pauses).toEqual([60, 180, 300, 600, 900]);
  });

  it('a line that is free again gets the document', () => {
    const boxes = run({ refuse: (attempt) => (attempt === 1 ? 486 : undefined) }, 10);
    expect(keptPages(boxes)).toEqual(bitmaps(DOCUMENT));
    expect(lastNote(boxes)).toMatchObject({ state: 'sent', tries: 2 });
  });

  it('a wrong number is dialed once', () => {
    const boxes = run({ refuse: () => 404 }, 60);
    expect(boxes.dialed).toHaveLength(1);
    expect(lastNote(boxes)).toMatchObject({ state: 'failed', last: { outcome: 'number-unknown' } });
  });

  it('X-5: what was confirmed in a call before is not sent again', () => {
    const boxes = run({ jobs: [{ id: 'a', pages: 2, confirmed: 1, tiff: TIFF }] });
    expect(keptPages(boxes)).toEqual(bitmaps(DOCUMENT.slice(1)));
    expect(lastNote(boxes)).toMatchObject({ state: 'sent', confirmed: 2 });
  });

  it('X-3: one fax a minute', () => {
    const one = tiffOf(DOCUMENT.slice(0, 1));
    const jobs = ['a', 'b', 'c'].map((id) => ({ id, pages: 1, tiff: one }));
    const { dialed } = run({ jobs, pace: { perMinute: 1, atOnce: 2 } });
    expect(dialed).toHaveLength(3);
    for (const [k, at] of dialed.slice(1).entries()) expect(at - (dialed[k] ?? 0)).toBeGreaterThanOrEqual(60_000);
  });

  it('a document that is gone from the spool fails with words that say so', () => {
    const boxes = run({ jobs: [{ id: 'a', pages: 1, tiff: new Uint8Array(0) }] });
    expect(lastNote(boxes)).toMatchObject({ state: 'failed', last: { text: expect.stringContaining('déposez-le') } });
  });
});
