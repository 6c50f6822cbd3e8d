import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { AccountSchema } from '../../../../agent/model/account.ts';
import { RegimeSchema } from '../../../../agent/model/regime.ts';
import { prepare } from '../../../../agent/rating/book/context.ts';
import { rateUses } from '../../../../agent/rating/book/rate-uses.ts';
import { close, type Statement, statementOf } from '../../../../agent/rating/book/statement.ts';
import { cycleOf } from '../../../../agent/rating/calendar/cycles.ts';
import { accountCredits } from '../../../../agent/rating/service/account-credits.ts';
import type { SeenOutage } from '../../../../agent/rating/service/site-evidence.ts';
import { call, DECK, LINE, NUMBERING } from './sample.ts';

type Operator = 'imesit' | 'cmi' | 'nexis';
const regimeOf = (id: Operator) =>
  RegimeSchema.parse(
    JSON.parse(readFileSync(new URL(`../../../../provisioning/regimes/${id}.json`, import.meta.url), 'utf8')),
  );

const paris = (text: string): number => Date.parse(`${text}+01:00`);
const out = (from: string, to: string, more: Partial<SeenOutage> = {}): SeenOutage => ({
  link: 'main',
  from: paris(from),
  to: paris(to),
  detected: paris(from),
  open: false,
  unseen: [],
  dated: true,
  ...more,
});

/** Monday 2 November 2026, a working day; the 11th is a holiday. */
const NOVEMBER = cycleOf(paris('2026-11-10T00:00'), { is: 'calendar' });
const DECEMBER = cycleOf(paris('2026-12-10T00:00'), { is: 'calendar' });

type Given = {
  readonly outages?: readonly SeenOutage[];
  readonly account?: Record<string, unknown>;
  readonly uses?: Parameters<typeof rateUses>[0];
};

function statement(
  operator: Operator,
  { outages = [], account = {}, uses = [] }: Given,
  period = NOVEMBER,
  closed: readonly Statement[] = [],
) {
  const line = { number: LINE, label: 'line', from: '2026-01-01', plans: [{ from: '2026-01-01', plan: 'metered' }] };
  const prepared = prepare({
    account: AccountSchema.parse({
      schema: 'relais/account/1',
      ...{ id: 'sample', client: 'sample', decks: ['sample'], numberings: ['sample'], cycle: { is: 'calendar' } },
      regimes: [{ from: '2020-01-01', regime: operator }],
      lines: [line],
      services: [
        {
          id: 'access',
          label: 'access',
          device: 'box',
          link: 'main',
          access: 'sdsl',
          from: '2026-01-01',
          monthlyMicroEuro: 90_000_000,
          lines: [LINE],
        },
      ],
      ...account,
    }),
    regimes: [{ from: '2020-01-01', is: regimeOf(operator) }],
    decks: [DECK],
    numberings: [NUMBERING],
  });
  const rated = rateUses(uses, prepared);
  const credits = accountCredits(prepared, rated, new Map([['box', { outages, mains: [] }]]), period.end);
  return statementOf({ ...rated, credits }, period, closed.map(close), prepared);
}

const amounts = ({ credits }: Statement) => credits.map(({ rule, microEuro, due }) => [rule, microEuro, due]);
const ticket = (more: Record<string, unknown>) => ({
  id: 't',
  service: 'access',
  reported: paris('2026-11-02T10:00'),
  ...more,
});

describe('G-1 to G-5: what a statement gives back, by hand', () => {
  test('G-3, imesit: five working hours give half of the fee, with its VAT, without anybody asking', () => {
    const made = statement('imesit', { outages: [out('2026-11-02T10:00', '2026-11-02T15:00')] });
    expect(amounts(made)).toEqual([['gtr', 45_000_000, true]]);
    const without = statement('imesit', {});
    expect(without.totals.ht - made.totals.ht).toBe(45_000_000);
    expect(without.totals.vat - made.totals.vat).toBe(9_000_000);
    expect(made.totals.subtotals[0]?.credits).toBe(-45_000_000);
  });

  test('G-1, G4: a night, a week-end and the 11th of November are no working time', () => {
    const holiday = out('2026-11-10T17:00', '2026-11-12T11:59');
    expect(amounts(statement('imesit', { outages: [holiday] }))).toEqual([]);
    expect(amounts(statement('imesit', { outages: [{ ...holiday, to: holiday.to + 60_000 }] }))).toEqual([
      ['gtr', 45_000_000, true],
    ]);
  });

  test('G-2, G6, cmi: no restart with the LED states, no clock; a ticket that has them starts it', () => {
    const outages = [out('2026-11-02T10:00', '2026-11-03T18:00')];
    expect(amounts(statement('cmi', { outages }))).toEqual([]);
    const restarted = paris('2026-11-02T10:30');
    const tickets = [ticket({ restarted, claimed: paris('2026-11-04T10:00') })];
    expect(amounts(statement('cmi', { outages, account: { tickets } }))).toEqual([['gtr', 90_000_000, true]]);
  });

  test('G-3, cmi: until the client asks it is shown and not given; what is asked for in December is given in December', () => {
    const outages = [out('2026-11-02T10:00', '2026-11-03T18:00')];
    const restarted = paris('2026-11-02T10:30');
    const november = statement('cmi', { outages, account: { tickets: [ticket({ restarted })] } });
    expect(amounts(november)).toEqual([['gtr', 90_000_000, false]]);
    expect(november.totals).toEqual(statement('cmi', {}).totals);
    const tickets = [ticket({ restarted, claimed: paris('2026-12-05T10:00') })];
    expect(amounts(statement('cmi', { outages, account: { tickets } }, DECEMBER, [november]))).toEqual([
      ['gtr', 90_000_000, true],
    ]);
  });

  test('G5, cmi: one monthly fee a year, over all incidents', () => {
    const outages = ['02', '03', '04'].map((day) => out(`2026-11-${day}T09:00`, `2026-11-${day}T18:00`));
    const tickets = ['02', '03', '04'].map((day) =>
      ticket({
        id: `t${day}`,
        reported: paris(`2026-11-${day}T09:00`),
        restarted: paris(`2026-11-${day}T09:00`),
        claimed: paris('2026-11-05T09:00'),
      }),
    );
    const given = amounts(statement('cmi', { outages, account: { tickets } }));
    expect(given).toEqual([9_000_000, 9_000_000, 9_000_000].map((amount) => ['gtr', 2 * amount, true]));
    const all = ['02', '03', '04'].map((day) =>
      out(`2026-11-${day}T09:00`, `2026-11-${day === '02' ? '03' : day}T18:00`),
    );
    expect(
      amounts(statement('cmi', { outages: all, account: { tickets } })).reduce((sum, one) => sum + Number(one[1]), 0),
    ).toBe(90_000_000);
  });

  test('G-7: hours in which the box had no power, and maintenance that was announced, do not count', () => {
    const unseen = [{ from: paris('2026-11-02T11:00'), to: paris('2026-11-02T12:01') }];
    expect(
      amounts(statement('imesit', { outages: [out('2026-11-02T10:00', '2026-11-02T15:00', { unseen })] })),
    ).toEqual([]);
  });

  test('an outage that is not over, or that no clock dates, gives nothing yet', () => {
    const long = ['2026-11-02T10:00', '2026-11-06T15:00'] as const;
    expect(amounts(statement('imesit', { outages: [out(...long, { open: true })] }))).toEqual([]);
    expect(amounts(statement('imesit', { outages: [out(...long, { dated: false })] }))).toEqual([]);
  });

  test('G-4, imesit: two days give one fee more, to who asks', () => {
    const outages = [out('2026-11-02T10:00', '2026-11-04T10:00')];
    expect(amounts(statement('imesit', { outages }))).toEqual([
      ['gtr', 90_000_000, true],
      ['long-outage', 90_000_000, false],
    ]);
  });

  test('G-5, N3, nexis: a month under 97 % gives 20 % of the fee and of the mean usage before, to who asks', () => {
    const outages = [out('2026-11-02T10:00', '2026-11-03T10:00')];
    const tickets = [ticket({ claimed: paris('2026-11-05T10:00') })];
    const october = call(600_000, { at: paris('2026-10-05T10:00') });
    const made = statement('nexis', { outages, uses: [october], account: { tickets } });
    // 600,000 s at 10 ticks are 100,000 micro-euro in one of three months; the month itself has no usage for the ceiling.
    expect(amounts(made)).toEqual([['availability', 18_000_000, true]]);
    expect(made.credits[0]?.steps.at(-1)?.en).toMatch(/20 % in 30 days/);
  });
});

describe('U-5, R-10: evidence that comes late', () => {
  const late = [out('2026-11-02T10:00', '2026-11-02T15:00')];

  test('is an adjustment of the next statement, and both together come to what was due', () => {
    const november = statement('imesit', {});
    const december = statement('imesit', { outages: late }, DECEMBER, [november]);
    expect(december.credits).toEqual([]);
    expect(december.adjustments).toMatchObject([{ line: 'access', why: 'late', ticks: -45_000_000 * 60, tax: 'HT' }]);
    const again = statement('imesit', { outages: late }, cycleOf(DECEMBER.end, { is: 'calendar' }), [
      november,
      december,
    ]);
    expect(again.adjustments).toEqual([]);
  });

  test('takes back what a wider excuse no longer leaves due', () => {
    const november = statement('imesit', { outages: late });
    const tickets = [
      ticket({ excused: [{ cause: 'client', from: paris('2026-11-02T10:00'), to: paris('2026-11-02T15:00') }] }),
    ];
    const december = statement('imesit', { outages: late, account: { tickets } }, DECEMBER, [november]);
    expect(december.adjustments).toMatchObject([{ why: 'taken-back', ticks: 45_000_000 * 60 }]);
  });
});
