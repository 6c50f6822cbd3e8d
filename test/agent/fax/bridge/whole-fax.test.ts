import { describe, expect, it } from 'vitest';
import { seconds } from '../../../../agent/model/units.ts';
import { type FaxOutcome, type FaxWish, sendFax } from '../../../../hw-sim/bench/fax/fax-world.ts';
import { isWholeIn, pagesFor } from '../../../../hw-sim/bench/fax/sample-document.ts';
import { CLEAN_PATH } from '../../../../hw-sim/fax/lossy-path.ts';

const fax = (count: number, ecm: boolean, more: Partial<FaxWish> = {}): FaxOutcome =>
  sendFax({ seed: 1, path: CLEAN_PATH, pages: pagesFor(count, ecm), ecm, ...more });

function expectWhole(outcome: FaxOutcome, count: number, ecm: boolean): void {
  expect(outcome).toMatchObject({ sender: 'sent', receiver: 'received', confirmed: count, mishaps: 0 });
  expect(isWholeIn(outcome.received, pagesFor(count, ecm), ecm)).toBe(true);
  for (const [side, direction] of [
    ['calling', 'sent'],
    ['called', 'received'],
  ] as const) {
    const told = outcome.news[side].filter(({ on }) => on === 'page-confirmed');
    const pages = Array.from({ length: count }, (_, page) => page + 1);
    expect(told).toEqual(pages.map((page) => ({ on: 'page-confirmed', pages: page, direction })));
    expect(outcome.news[side].at(-1)).toEqual({ on: 'over', outcome: 'all-confirmed', pages: count });
  }
}

const BOTH = [true, false];

describe.each(BOTH)(
  'X-1: a fax from machine to machine over T.38, each behind a Class 1 modem of ours, ECM %s',
  (ecm) => {
    it.each([1, 3, 20])('X-1, X-5: of %i pages arrives whole, and both sides tell each page once', (count) => {
      expectWhole(fax(count, ecm), count, ecm);
    });

    it.each([145, 121, 97, 73, 96, 72, 48, 24] as const)('X-1: arrives whole at the rate of +FTM=%i', (fastest) => {
      const outcome = fax(1, ecm, { fastest });
      expectWhole(outcome, 1, ecm);
      expect(outcome.stories[1]?.find((one) => one.startsWith('heard') && one.includes(' at '))).toMatch(
        ` at ${fastest}`,
      );
    });

    it('X-1: falls back when the training check is refused, and trains long for the next', () => {
      const outcome = fax(1, ecm, { refusals: 2 });
      expectWhole(outcome, 1, ecm);
      expect(outcome.stories[1]?.filter((one) => one === 'said FTT')).toHaveLength(2);
      expect(outcome.stories[1]?.some((one) => one.endsWith('at 97'))).toBe(true);
    });

    it.each([0, 1])(
      'X-1: with local training checks (T.38 8.1, method 1), %i of them refused by the machine',
      (refusals) => {
        expectWhole(fax(1, ecm, { trainingCheck: 'local', refusals }), 1, ecm);
      },
    );

    it.each([
      ['a spare CONNECT', { faults: { spareConnect: true } }],
      ['a late CONNECT', { faults: { lateConnect: 700 } }],
      ['two early +FCERROR', { faults: { prematureFcerrors: 2 } }],
      ['a small buffer', { faults: { buffer: 300 } }],
      ['no flow control', { faults: { flowControl: false } }],
      ['no +FAR', { faults: { adaptive: false } }],
      ['a serial line of 19,200 Bd', { baudRate: 19_200 }],
    ])('X-1: arrives whole with modems that have %s', (_, more) => {
      expectWhole(fax(1, ecm, more), 1, ecm);
    });

    it('X-1, X-5, U-1: ends by itself on both sides when the network falls silent, with the pages that were confirmed', () => {
      const outcome = fax(3, ecm, { silentFrom: seconds(40) });
      const ends = [outcome.news.calling.at(-1), outcome.news.called.at(-1)];
      expect(ends.map((end) => end?.on)).toEqual(['over', 'over']);
      expect(outcome.duration).toBeLessThan(120_000);
      expect(outcome.confirmed).toBeLessThan(3);
      expect(ends[0]).toMatchObject({ pages: outcome.confirmed });
    });

    it('X-1: hangs up the machine when the peer says BYE, and the other side ends too', () => {
      const outcome = fax(3, ecm, { cutAt: seconds(20) });
      expect(outcome.sender).toBe('cut off');
      expect(outcome.news.calling.at(-1)).toEqual({ on: 'over', outcome: 'hung-up', pages: 0 });
      expect(outcome.news.called.at(-1)).toMatchObject({ on: 'over', pages: 0 });
    });
  },
);
