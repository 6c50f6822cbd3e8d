import { describe, expect, test } from 'vitest';
import { holdingAt, type Prepared, prepare, type RatingContext } from '../../../../agent/rating/book/context.ts';
import { contextOf, DECK, LINE, NOON, regimeOf } from './sample.ts';

const plans = [{ from: '2026-01-01', plan: 'metered' }];
const line = (life: object) => ({ number: LINE, label: 'first', from: '2026-10-10', plans, ...life });
const at = (prepared: Prepared, instant: number) => {
  const holding = holdingAt(prepared, LINE, instant);
  return 'missing' in holding ? holding.missing : holding.line.label;
};
const start = Date.UTC(2026, 9, 9, 22);
const end = Date.UTC(2026, 9, 12, 22);

describe('R-1: what holds for a use, by the instant of its start', () => {
  test('P-1: a line is in service from the midnight of its first day to that of its last', () => {
    const prepared = contextOf({ lines: [line({ until: '2026-10-12' })] });
    expect([start - 1, start, end - 1, end].map((instant) => at(prepared, instant))).toEqual([
      ...['line', 'first', 'first', 'line'],
    ]);
    const endless = contextOf({ lines: [line({})] });
    expect([start - 1, start, Date.UTC(2090, 0, 1)].map((instant) => at(endless, instant))).toEqual([
      ...['line', 'first', 'first'],
    ]);
  });

  test('S-10: a number that is in service again is another line', () => {
    const prepared = contextOf({
      lines: [line({ until: '2026-10-12' }), line({ from: '2026-10-13', label: 'second' })],
    });
    expect([start, end - 1, end].map((instant) => at(prepared, instant))).toEqual(['first', 'first', 'second']);
  });

  test('what is lacking is named: the line, the contract, the price list, the numbering, the plan', () => {
    const whole: RatingContext = contextOf().context;
    const without = (part: Partial<RatingContext>) => at(prepare({ ...whole, ...part }), NOON);
    expect(without({})).toBe('line');
    expect(without({ regimes: [] })).toBe('regime');
    expect(without({ decks: [] })).toBe('deck');
    expect(without({ numberings: [] })).toBe('numbering');
    expect(without({ decks: [{ ...DECK, plans: [] }] })).toBe('plan');
    expect(without({ regimes: [{ from: '2026-10-11', is: regimeOf() }] })).toBe('regime');
  });

  test('R-1: of the versions of one day the one that comes later in the list holds, else the latest that has begun', () => {
    const version = (id: string, from: string) => ({ from, is: regimeOf({ id }) });
    const found = (...regimes: RatingContext['regimes']) => {
      const holding = holdingAt(prepare({ ...contextOf().context, regimes }), LINE, NOON);
      return 'missing' in holding ? undefined : holding.regime.id;
    };
    const [old, first, second] = [
      version('old', '2026-01-01'),
      version('first', '2026-10-10'),
      version('second', '2026-10-10'),
    ];
    expect(found(first, second, old, version('later', '2026-10-11'))).toBe('second');
    expect(found(second, first, old)).toBe('first');
  });
});
