import { describe, expect, it } from 'vitest';
import { type FaxOutcome, sendFax } from '../../../../hw-sim/bench/fax/fax-world.ts';
import { isWholeIn, pagesFor } from '../../../../hw-sim/bench/fax/sample-document.ts';
import { CLEAN_PATH } from '../../../../hw-sim/fax/lossy-path.ts';

const fax = (count: number, ecm: boolean, more: Partial<Parameters<typeof sendFax>[0]> = {}): FaxOutcome =>
  sendFax({ seed: 1, path: CLEAN_PATH, pages: pagesFor(count, ecm), ecm, ...more });

function expectWhole(outcome: FaxOutcome, count: number, ecm: boolean): void {
  expect(outcome).toMatchObject({ sender: 'sent', receiver: 'received', confirmed: count, mishaps: 0 });
  expect(isWholeIn(outcome.received, pagesFor(count, ecm), ecm)).toBe(true);
  for (const [side, direction] of [
    ['calling', 'sent'],
    ['called', 'received'],
  ] as const) {
    const told = outcome.news[side].filter(({ on }) => on === 'page-confirmed');
    expect(told).toEqual(
      Array.from({ length: count }, (_, page) => ({ on: 'page-confirmed', pages: page + 1, direction })),
    );
    expect(outcome.news[side].at(-1)).toEqual({ on: 'over', outcome: 'all-confirmed', pages: count });
  }
}

describe('a fax from machine to machine, each behind a Class 1 modem of ours, over T.38', () => {
  it.each([
    [1, true],
    [3, true],
    [20, true],
    [1, false],
    [3, false],
    [20, false],
  ])('X-1, X-5: of %i pages with ECM %s arrives whole, and both sides tell each page once', (count, ecm) => {
    expectWhole(fax(count, ecm), count, ecm);
  });
});
