import { describe, expect, test } from 'vitest';
import { AccountSchema } from '../../../../agent/model/account.ts';
import type { Usage } from '../../../../agent/model/usage.ts';
import { prepare } from '../../../../agent/rating/book/context.ts';
import { rateUses } from '../../../../agent/rating/book/rate-uses.ts';
import { accountCredits } from '../../../../agent/rating/service/account-credits.ts';
import type { SeenOutage } from '../../../../agent/rating/service/site-evidence.ts';
import { call, DECK, LINE, NUMBERING, OTHER } from '../book/sample.ts';
import { type Operator, paris, regimeOf } from './served.ts';

const out = (from: string, to: string, link: string | undefined = 'main'): SeenOutage => ({
  ...{ link, from: paris(from), to: paris(to), detected: paris(from) },
  ...{ open: false, unseen: [], dated: true },
});
const ALWAYS = paris('2028-12-01T00:00');
const ACCESS = {
  ...{ id: 'access', label: 'access', device: 'box', link: 'main', access: 'sdsl', from: '2026-01-01' },
  ...{ monthlyMicroEuro: 90_000_000, lines: [LINE] },
};

type Given = {
  readonly account?: Record<string, unknown>;
  readonly uses?: readonly Usage[];
  readonly decks?: Parameters<typeof prepare>[0]['decks'];
  readonly until?: number;
};

function creditsOf(
  operator: Operator,
  outages: readonly SeenOutage[],
  { account, uses = [], decks = [DECK], until = ALWAYS }: Given = {},
) {
  const line = { label: 'line', from: '2026-01-01', plans: [{ from: '2026-01-01', plan: 'metered' }] };
  const prepared = prepare({
    account: AccountSchema.parse({
      schema: 'relais/account/1',
      ...{ id: 'sample', client: 'sample', decks: ['sample'], numberings: ['sample'], cycle: { is: 'calendar' } },
      regimes: [{ from: '2020-01-01', regime: operator }],
      lines: [
        { ...line, number: LINE },
        { ...line, number: OTHER },
      ],
      services: [ACCESS],
      ...account,
    }),
    regimes: [{ from: '2020-01-01', is: regimeOf(operator) }],
    decks,
    numberings: [NUMBERING],
  });
  return accountCredits(prepared, rateUses(uses, prepared), new Map([['box', { outages, mains: [] }]]), until);
}
const amounts = (...given: Parameters<typeof creditsOf>) => creditsOf(...given).map(({ microEuro }) => microEuro);

/** Five working hours of a Monday. */
const MONDAY = out('2026-11-02T10:00', '2026-11-02T15:00');

describe('G-1 to G-5: the credits of an account', () => {
  test('by what the box of each service saw; a box that told nothing saw nothing', () => {
    expect(amounts('imesit', [MONDAY])).toEqual([45_000_000]);
    const other = { ...ACCESS, id: 'other', device: 'elsewhere' };
    expect(amounts('imesit', [MONDAY], { account: { services: [other] } })).toEqual([]);
    const told = { id: 't', service: 'other', reported: MONDAY.from, restored: MONDAY.to };
    expect(amounts('imesit', [], { account: { services: [other], tickets: [told] } })).toEqual([45_000_000]);
  });

  test('that became due before that instant, in the order of instants, then of names', () => {
    const services = ['b', 'a', 'c'].map((id) => ({ ...ACCESS, id }));
    const tuesday = out('2026-11-03T10:00', '2026-11-03T15:00');
    const told = (until: number) =>
      creditsOf('imesit', [tuesday, MONDAY], { account: { services }, until }).map(({ id }) => id.split('/').slice(2));
    const monday = ['a', 'b', 'c'].map((id) => [id, String(MONDAY.from)]);
    expect(told(ALWAYS)).toEqual([...monday, ...['a', 'b', 'c'].map((id) => [id, String(tuesday.from)])]);
    expect(told(MONDAY.to + 1)).toEqual(monday);
    expect(told(MONDAY.to)).toEqual([]);
  });

  test('of one incident the credit for restoration time stands before the one for two days', () => {
    const both = creditsOf('imesit', [out('2026-11-07T00:00', '2026-11-10T06:00')]);
    const at = paris('2026-11-10T06:00');
    expect(both.map((one) => [one.rule, one.at, one.due])).toEqual([
      ['gtr', at, true],
      ['long-outage', at, false],
    ]);
  });

  test('while a service is there, its last day included', () => {
    const life = (more: Record<string, unknown>) =>
      amounts('imesit', [MONDAY], { account: { services: [{ ...ACCESS, ...more }] } });
    expect(life({ until: '2026-11-02' })).toEqual([45_000_000]);
    expect(life({ until: '2026-11-01' })).toEqual([]);
    expect(life({ from: '2026-11-02' })).toEqual([45_000_000]);
    expect(life({ from: '2026-11-03' })).toEqual([]);
  });

  test('G9: not while an invoice is due, whether its day of payment is known or not', () => {
    const unpaid = (...times: readonly Record<string, number>[]) =>
      amounts('imesit', [MONDAY], { account: { unpaid: times } });
    expect(unpaid({ from: MONDAY.from - 10 })).toEqual([]);
    expect(unpaid({ from: MONDAY.from - 10, until: MONDAY.from })).toEqual([45_000_000]);
    expect(unpaid({ from: MONDAY.to })).toEqual([45_000_000]);
  });
});

describe('G5: the year of the ceiling', () => {
  /** Of cmi, eleven working hours each, hence one fee each, were it not for the ceiling. */
  const twice = (days: readonly [string, string][], ceilingYear?: unknown) => {
    const tickets = days.map(([from, to], index) => ({
      ...{ id: `t${index}`, service: 'access', reported: paris(`${from}T10:00`), restored: paris(`${to}T18:00`) },
      ...{ restarted: paris(`${from}T10:00`), claimed: paris(`${to}T19:00`) },
    }));
    return amounts('cmi', [], { account: { tickets, ...(ceilingYear === undefined ? {} : { ceilingYear }) } });
  };
  const FEE = 90_000_000;
  const anniversary = (first: string) => ({ is: 'anniversary', first });

  test('begins in January, or on the day of the contract', () => {
    const days: [string, string][] = [
      ['2026-11-02', '2026-11-03'],
      ['2027-02-01', '2027-02-02'],
      ['2027-11-08', '2027-11-09'],
    ];
    expect(twice(days)).toEqual([FEE, FEE]);
    expect(twice(days, anniversary('2025-06-15'))).toEqual([FEE, FEE]);
    expect(twice(days.slice(0, 2))).toEqual([FEE, FEE]);
    expect(twice(days.slice(0, 2), anniversary('2025-06-15'))).toEqual([FEE]);
    expect(twice(days.slice(1), anniversary('2025-06-15'))).toEqual([FEE, FEE]);
    expect(twice(days.slice(1), anniversary('2025-02-01'))).toEqual([FEE]);
    expect(twice(days.slice(0, 2), anniversary('2025-02-01'))).toEqual([FEE, FEE]);
    expect(twice(days.slice(0, 2), anniversary('2025-02-04'))).toEqual([FEE]);
  });
});

describe('N3, N4: usage of the lines of a service', () => {
  /** Nexis: 5 % of the fee and of the mean usage of the months before. */
  const FIVE = out('2026-11-10T10:00', '2026-11-10T12:10');
  const services = [{ ...ACCESS, from: '2026-10-01' }];
  const october = (seconds: number, more: Record<string, unknown> = {}) =>
    call(seconds, { at: Date.parse('2026-10-10T10:00Z'), party: '0899123456', ...more });
  const five = (
    uses: readonly Usage[],
    more: Omit<Given, 'uses'> & { readonly service?: Record<string, unknown> } = {},
  ) =>
    amounts('nexis', [FIVE], {
      account: { services: services.map((one) => ({ ...one, ...more.service })) },
      ...more,
      uses,
    })[0];
  const HOUR = 3_600_000;
  /** 80 micro-euro a minute TTC: HT is five sixths. */
  const DEAR = 4_800;

  test('counts those of its own lines alone', () => {
    // 30 micro-euro a minute and 2 a call, HT.
    const own = october(HOUR, { party: '0612345678' });
    expect(five([own])).toBe(4_500_000 + 90_000);
    expect(five([{ ...own, id: 'v', line: OTHER }])).toBe(4_500_000);
    expect(five([own, { ...own, id: 'v' }])).toBe(4_500_000 + 180_000);
  });

  test('brings prices with VAT to a fee without, and the other way round', () => {
    expect(five([october(HOUR)])).toBe(4_500_000 + 200_000);
    expect(five([october(HOUR, { party: '0612345678' })], { service: { tax: 'TTC' } })).toBe(4_500_000 + 108_000);
    expect(five([october(HOUR)], { service: { tax: 'TTC' } })).toBe(4_500_000 + (DEAR * 1_000) / 20);
  });

  test('by the VAT of the price list that was in force when the month began', () => {
    const list = (from: string, vatPerMille: number, version: number) => ({ ...DECK, version, from, vatPerMille });
    const decks = [list('2020-01-01', 200, 1), list('2026-10-02', 600, 2)];
    expect(five([october(HOUR)], { decks })).toBe(4_500_000 + 200_000);
    const sooner = [list('2020-01-01', 200, 1), list('2026-10-01', 600, 2)];
    expect(five([october(HOUR)], { decks: sooner })).toBe(4_500_000 + 150_000);
    expect(five([october(HOUR)], { decks: [list('2026-10-02', 600, 1)] })).toBe(4_500_000 + 240_000);
  });

  test('from the first instant of a month up to the first of the next', () => {
    const first = Date.parse('2026-10-01T00:00+02:00');
    const last = paris('2026-11-01T00:00');
    const [at, to] = [(instant: number) => five([october(HOUR, { at: instant })]), 4_700_000];
    expect(at(first)).toBe(to);
    expect(at(first - 1)).toBe(4_500_000);
    expect(at(last - 1)).toBe(to);
    expect(at(last)).toBe(4_500_000);
  });
});
