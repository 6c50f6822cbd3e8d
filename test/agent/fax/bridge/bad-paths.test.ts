import { describe, expect, it } from 'vitest';
import { FAX_ROWS, measureRow } from '../../../../hw-sim/bench/fax/rows.ts';

/** One fax a row with a fixed seed; `npm run bench:fax` sends a hundred. */
describe.each([true, false])('X-1: a fax of three pages over bad paths, ECM %s', (ecm) => {
  it.each(FAX_ROWS)('X-1, X-5: $name: arrives whole, and no page is told that was not confirmed', (row) => {
    expect(measureRow(row, ecm, 1, 5)).toMatchObject({ whole: 100, overbilled: 0, missed: 0 });
  });

  it('X-5: on a path that hardly carries anything, what is told is what the receiver confirmed, and both sides end', () => {
    const row = { name: '85 % loss', path: { loss: 0.85 }, aim: { ecm: 0, plain: 0 } };
    const { overbilled, missed, failures } = measureRow(row, ecm, 4, 1);
    expect({ overbilled, missed }).toEqual({ overbilled: 0, missed: 0 });
    for (const { outcome } of failures)
      expect([outcome.news.calling.at(-1)?.on, outcome.news.called.at(-1)?.on]).toEqual(['over', 'over']);
  });
});
