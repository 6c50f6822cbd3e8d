import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonical } from '../../../../agent/model/canonical.ts';
import type { Usage } from '../../../../agent/model/usage.ts';
import type { Closed } from '../../../../agent/rating/book/adjustments.ts';
import { isLate } from '../../../../agent/rating/book/late.ts';
import { rateUses } from '../../../../agent/rating/book/rate-uses.ts';
import { type Received, settle } from '../../../../agent/rating/book/settle.ts';
import { close, type Statement, statementOf } from '../../../../agent/rating/book/statement.ts';
import { cycleOf } from '../../../../agent/rating/calendar/cycles.ts';
import { call, contextOf, DECK, LINE, OTHER, regimeOf, type Twist, use } from './sample.ts';

const DECK_CREDIT = regimeOf().credit;
const month = (name: number) => cycleOf(Date.UTC(2026, name - 1, 15), { is: 'calendar' });
const at = (name: number, day: number): number => Date.UTC(2026, name - 1, day, 12);

/** Statements of the months in order, each from what had come when it was issued. */
function issue(records: readonly Received[], months: readonly number[], twist: Twist = {}): readonly Statement[] {
  const prepared = contextOf(twist);
  const rules = { isLate: isLate(prepared), canonical };
  const closed: Closed[] = [];
  return months.map((name) => {
    const period = month(name);
    const { uses } = settle(
      records.filter(({ received }) => received < period.end),
      rules,
    );
    const statement = statementOf(rateUses(uses, prepared), period, closed, prepared);
    closed.push(close(statement));
    return statement;
  });
}
const came = (one: Usage, received = one.at): Received => ({ use: one, received });

describe('the statement of a period', () => {
  test('R-9, U-5: usage of the period, each line and class apart, the subscription of the next period in advance', () => {
    const uses = [
      call(60, { id: 'a', at: at(10, 3) }),
      call(30, { id: 'b', at: at(10, 4) }),
      call(10, { id: 'c', at: at(10, 5), party: '0612345678' }),
      call(10, { id: 'd', at: at(11, 5) }),
    ];
    const [october] = issue(
      uses.map((one) => came(one)),
      [10],
    );
    expect(october?.rows).toMatchObject([
      { line: LINE, kind: 'call', class: 'geographic', count: 2, quantity: 90, paid: 90, ticks: 900 },
      { line: LINE, kind: 'call', class: 'mobile', count: 1, paid: 10, ticks: 420 },
    ]);
    expect(october?.fixed).toMatchObject([
      {
        line: LINE,
        what: 'subscription',
        from: month(11).start,
        to: month(11).end,
        days: 30,
        ofDays: 30,
        microEuro: 10_000_000,
      },
      { line: OTHER, what: 'subscription' },
    ]);
  });

  test('P-1, R-9: a line activated in the period pays its connection, the days that were left and the next period', () => {
    const lines = [{ number: LINE, label: 'l', from: '2026-10-12', plans: [{ from: '2026-10-12', plan: 'bundle' }] }];
    const [october] = issue([], [10], { lines });
    expect(october?.fixed.map(({ what, days, ofDays, microEuro }) => [what, days, ofDays, microEuro])).toEqual([
      ['connection', 0, 0, 50_000_000],
      ['subscription', 20, 31, 6_451_613],
      ['subscription', 30, 30, 10_000_000],
    ]);
    const [september] = issue([], [9], { lines });
    expect(september?.fixed).toEqual([]);
  });

  test('R-9: a line that begins with a period is charged once for it, and one that ends pays for its days', () => {
    const lines = [
      {
        number: LINE,
        label: 'l',
        from: '2026-11-01',
        until: '2026-12-10',
        plans: [{ from: '2026-11-01', plan: 'metered' }],
      },
    ];
    const all = issue([], [10, 11, 12, 1], { lines }).map(({ fixed }) =>
      fixed.map(({ days, microEuro }) => [days, microEuro]),
    );
    expect(all).toEqual([
      [],
      [
        [30, 10_000_000],
        [10, 3_225_806],
      ],
      [],
      [],
    ]);
  });

  test('R-9: an account whose month begins on the 31st is charged for 28 days of February', () => {
    const twist = { account: { cycle: { is: 'anniversary', first: '2025-12-31' } } };
    const prepared = contextOf(twist);
    const period = cycleOf(at(2, 15), prepared.context.account.cycle);
    const statement = statementOf(rateUses([], prepared), period, [], prepared);
    expect(statement.fixed[0]).toMatchObject({ days: 31, ofDays: 31 });
    expect([period.start, period.end]).toEqual([Date.UTC(2026, 0, 30, 23), Date.UTC(2026, 1, 27, 23)]);
  });

  test('R-10: VAT is shown apart, for prices with and without tax', () => {
    const uses = [
      call(6_000, { id: 'a', at: at(10, 3), party: '0612345678' }),
      call(900_000, { id: 'b', at: at(10, 4), party: '0899123456' }),
    ];
    const [october] = issue(
      uses.map((one) => came(one)),
      [10],
      { lines: [{ number: LINE, label: 'l', from: '2026-01-01', plans: [{ from: '2026-01-01', plan: 'metered' }] }] },
    );
    // 6,000 s at 30 ticks and a fee of 2 micro-euro make 0.003002 euro; 900,000 s at 80 ticks make 1.20 euro with tax.
    expect(october?.totals).toMatchObject({ ht: 11_000_000, vat: 2_200_000, ttc: 13_200_000 });
    expect(october?.totals.subtotals).toMatchObject([
      { tax: 'HT', usage: 0, fixed: 10_000_000, ht: 10_000_000, vat: 2_000_000, ttc: 12_000_000 },
      { tax: 'TTC', usage: 1_200_000, ht: 1_000_000, vat: 200_000, ttc: 1_200_000 },
    ]);
  });

  test('C-5, V-7: a re-opened line pays the fee of the price list, an abused one what its contract says, each once', () => {
    const lines = [{ number: LINE, label: 'l', from: '2026-01-01', plans: [{ from: '2026-01-01', plan: 'metered' }] }];
    const account = { reopenings: [{ line: LINE, at: at(10, 7) }], abuses: [{ line: LINE, from: at(10, 3) }] };
    const sign = { kind: 'attempts', seconds: 60, over: 9 };
    const step = {
      at: { value: 1 },
      is: 'reached',
      do: { name: 'meter', retroactive: true, penaltyMicroEuro: 180_000_000 },
    };
    const limits = { automaticDialing: { value: { signs: [sign], steps: [step] }, article: 'fixe 2.1' } };
    const decks = [{ ...DECK, reopeningMicroEuro: 25_000_000 }];
    const [october, november] = issue([], [10, 11], { lines, account, regime: { limits }, decks });
    expect(october?.fixed.map(({ what, microEuro }) => [what, microEuro])).toEqual([
      ['reopening', 25_000_000],
      ['abuse', 180_000_000],
      ['subscription', 10_000_000],
    ]);
    expect(november?.fixed.map(({ what }) => what)).toEqual(['subscription']);
  });

  test('R-9, M7: rows stand by line, kind, class and tax, and add up everything', () => {
    const lines = [OTHER, LINE].map((number) => ({
      number,
      label: 'l',
      from: '2026-01-01',
      plans: [{ from: '2026-01-01', plan: 'bundle' }],
    }));
    const credit = { ...DECK_CREDIT, limitMicroEuro: { value: 5, article: 'art. 13' } };
    const uses = [
      call(150, { id: 'a', at: at(10, 3), line: OTHER }),
      call(100, { id: 'b', at: at(10, 4) }),
      call(10, { id: 'c', at: at(10, 5) }),
      call(9, { id: 'd', at: at(10, 6), party: '0899123456' }),
      call(null, { id: 'e', at: at(10, 7), party: '+999123456789' }),
    ];
    const [october] = issue(
      uses.map((one) => came(one)),
      [10],
      { lines, regime: { credit } },
    );
    const row = (line: string, of: string, count: number, amounts: readonly number[], tax = 'HT') => {
      const [quantity, included, paid, waived, ticks] = amounts;
      return { line, kind: 'call', class: of, tax, count, quantity, included, paid, waived, ticks };
    };
    expect(october?.rows).toEqual([
      row(LINE, 'geographic', 2, [110, 50, 30, 30, 300]),
      row(LINE, 'invalid', 1, [0, 0, 0, 0, 0]),
      row(LINE, 'premium-special', 1, [9, 0, 0, 9, 0], 'TTC'),
      row(OTHER, 'geographic', 1, [150, 150, 0, 0, 0]),
    ]);
  });

  test('R-9: what several uses had of a bundle adds up in their row', () => {
    const uses = [call(10, { id: 'a', at: at(10, 3) }), call(20, { id: 'b', at: at(10, 4) })];
    const [october] = issue(
      uses.map((one) => came(one)),
      [10],
      { plan: 'bundle' },
    );
    expect(october?.rows).toMatchObject([{ count: 2, quantity: 30, included: 30, paid: 0 }]);
  });

  test('R-9: a statement has the uses of its period from its first instant to before its last, those not rated too', () => {
    const { start, end } = month(10);
    const edges = [start - 1, start, end - 1, end].map((when, index) => call(1, { id: `u${index}`, at: when }));
    const prepared = contextOf();
    const statement = statementOf(rateUses(edges, prepared), month(10), [], prepared);
    expect(statement.uses.map(({ use: { id } }) => id)).toEqual(['u1', 'u2']);
    const strange = edges.map((one) => ({ ...one, line: '+33100000000' }));
    const unrated = statementOf(rateUses(strange, prepared), month(10), [], prepared);
    expect(unrated.unratable.map(({ use: { id } }) => id)).toEqual(['u1', 'u2']);
  });

  test('U-5, M7: what is closed keeps the tax of each use, and is without tax where there was no price', () => {
    const uses = [
      call(9, { id: 'a', at: at(10, 3), party: '0899123456' }),
      call(9, { id: 'b', at: at(10, 4), party: '0800123456' }),
      use('data', { id: 'd', at: at(10, 5), bytes: 1 }),
    ];
    const prepared = contextOf();
    const closed = close(statementOf(rateUses(uses, prepared), month(10), [], prepared));
    expect(closed.billed.map(({ id, tax }) => [id, tax])).toEqual([
      ['a', 'TTC'],
      ['b', 'HT'],
      ['d', 'HT'],
    ]);
  });

  test('V-1: emergency calls are on no statement', () => {
    const [october] = issue([came(call(60, { id: 'e', at: at(10, 3), party: '112' }))], [10]);
    expect([october?.rows, october?.uses]).toEqual([[], []]);
  });
});

describe('what comes after a statement was issued', () => {
  test('U-5: a late record is charged in the next statement, by the prices and the bundle of its own period', () => {
    const late = came(call(130, { id: 'late', at: at(10, 20) }), at(11, 25));
    const [october, november, december] = issue([late, came(call(10, { id: 'b', at: at(11, 3) }))], [10, 11, 12], {
      plan: 'own-bundle',
    });
    expect(october?.rows).toEqual([]);
    expect(november?.adjustments).toEqual([
      { id: 'late', line: LINE, tax: 'HT', ticks: 700, why: 'late', at: at(10, 20) },
    ]);
    expect(november?.rows).toMatchObject([{ count: 1, quantity: 10, included: 10 }]);
    expect(december?.adjustments).toEqual([]);
  });

  test('U-5: after 75 days it is charged no more', () => {
    const late = came(call(130, { id: 'late', at: at(8, 1) }), at(11, 25));
    expect(issue([late], [8, 9, 10, 11]).flatMap(({ adjustments }) => adjustments)).toEqual([]);
  });

  test('R-10: a late record that takes the bundle moves the charge of what was billed already', () => {
    const records = [
      came(call(100, { id: 'b', at: at(10, 20) })),
      came(call(60, { id: 'a', at: at(10, 10) }), at(11, 2)),
    ];
    const [, november] = issue(records, [10, 11], { plan: 'own-bundle' });
    expect(november?.adjustments).toEqual([
      { id: 'b', line: LINE, tax: 'HT', ticks: 600, why: 'rated-anew', at: at(10, 20) },
    ]);
  });

  test('R-10: a correction and a cancellation give back', () => {
    const records = [
      came(call(100, { id: 'a', at: at(10, 20) })),
      came(call(40, { id: 'a2', at: at(10, 20), replaces: 'a' }), at(11, 5)),
      came(call(70, { id: 'b', at: at(10, 21) })),
      came(use('canceled', { id: 'x', at: at(10, 21), replaces: 'b' }), at(11, 5)),
    ];
    const [, november] = issue(records, [10, 11]);
    expect(november?.adjustments.map(({ id, ticks, why }) => [id, ticks, why])).toEqual([
      ['a', -1_000, 'taken-back'],
      ['a2', 400, 'late'],
      ['b', -700, 'taken-back'],
    ]);
    expect(november?.totals.ht).toBe(20_000_000);
  });

  const record = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    day: fc.integer({ min: 0, max: 90 }),
    seconds: fc.nat(200),
    late: fc.oneof(fc.constant(0), fc.nat(80)),
    party: fc.constantFrom('0123456789', '0612345678', '0899123456', '112'),
    line: fc.constantFrom(LINE, OTHER),
    replaces: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined, freq: 4 }),
  });
  const plan = fc.constantFrom('metered', 'bundle', 'own-bundle', 'limited');

  test('U-5, R-10: all statements together come to what the uses cost, in whatever order the records came', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), plan, (drawn, of) => {
        const records = drawn.map(({ day, late, ...fields }) => {
          const when = at(9, 1) + day * 86_400_000;
          const { replaces, seconds, ...rest } = fields;
          return came(
            call(seconds, {
              ...rest,
              at: when,
              ...(replaces === undefined || replaces === rest.id ? {} : { replaces }),
            }),
            when + late * 86_400_000,
          );
        });
        const twist = { plan: of };
        const statements = issue(records, [9, 10, 11, 12, 13, 14], twist);
        const charged = statements.reduce(
          (sum, { rows, adjustments }) => sum + [...rows, ...adjustments].reduce((all, { ticks }) => all + ticks, 0),
          0,
        );
        const whole = rateUses(settle(records, { isLate: isLate(contextOf(twist)), canonical }).uses, contextOf(twist));
        expect(charged).toBe(whole.uses.reduce((sum, { ticks }) => sum + ticks, 0));
      }),
      { numRuns: 1_500 },
    );
  }, 120_000);
});
