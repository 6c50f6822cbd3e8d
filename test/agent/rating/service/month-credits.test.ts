import { describe, expect, test } from 'vitest';
import type { Regime } from '../../../../agent/model/regime.ts';
import type { Interval } from '../../../../agent/rating/calendar/intervals.ts';
import type { Incident } from '../../../../agent/rating/service/incidents.ts';
import { monthCredits } from '../../../../agent/rating/service/month-credits.ts';
import { incident, paris, regimeOf, servedBy } from './served.ts';

const NEXIS = regimeOf('nexis');
/** Credits that nobody has to ask for. */
const AUTOMATIC: Regime = {
  ...NEXIS,
  ...(NEXIS.availabilityTerms && {
    availabilityTerms: { ...NEXIS.availabilityTerms, onRequest: { value: false, article: 'sample' } },
  }),
};
const ALWAYS = paris('2027-12-01T00:00');
const NOVEMBER: Interval = { from: paris('2026-11-01T00:00'), to: paris('2026-12-01T00:00') };
const DECEMBER: Interval = { from: NOVEMBER.to, to: paris('2027-01-01T00:00') };

type Terms = Parameters<typeof servedBy>[1];
const creditsOf = (incidents: readonly Incident[], terms: Terms = {}, until = ALWAYS) =>
  monthCredits(incidents, servedBy('nexis', { regimeAt: () => AUTOMATIC, ...terms }), until);
const given = (incidents: readonly Incident[], terms: Terms = {}, until = ALWAYS) =>
  creditsOf(incidents, terms, until).map(({ from, microEuro }) => [
    from === NOVEMBER.from ? 'November' : from,
    microEuro,
  ]);

/** Of the 43,200 minutes of November: 99.7 % and 99 %, hence 5 % and 10 % of 90 euro. */
const FIVE = incident('2026-11-10T10:00', '2026-11-10T12:10');
const TEN = incident('2026-11-10T10:00', '2026-11-10T17:12');
const FIVE_PERCENT = ['November', 4_500_000];

describe('G-5, G-7: what a month gives back', () => {
  test('says all that a statement has to, and why in two languages', () => {
    const excused = [{ cause: 'maintenance', from: TEN.from, to: TEN.from + 60 * 60_000 }] as const;
    const [credit] = creditsOf([{ ...TEN, excused }]);
    expect(credit).toEqual({
      id: `credit/availability/access/${NOVEMBER.from}`,
      ...{ rule: 'availability', service: 'access', ...NOVEMBER, at: NOVEMBER.to - 1 },
      ...{ microEuro: 9_000_000, tax: 'HT', due: true, regime: 'nexis@1' },
      article: expect.stringContaining('art. 18'),
      steps: [
        {
          fr: expect.stringMatching(/^Indisponible 372 min, 60 min excusées non comptées\. \(art\. 18: « Evénement/),
          en: expect.stringMatching(/^Down for 372 min, 60 min excused and not counted\. \(art\. 18: « Evénement/),
        },
        {
          fr: expect.stringMatching(
            /^Disponibilité 99\.1388 % : avoir de 10 %, soit 9\.00 €\. \(art\. 18: « De 99,85%/,
          ),
          en: expect.stringMatching(/^Availability 99\.1388 %: a credit of 10 %, 9\.00 €\. \(art\. 18: « De 99,85%/),
        },
        {
          fr: 'Plafond de 20 % sur 30 jours : il reste 18.00 €, avoir de 9.00 €.',
          en: 'Ceiling of 20 % in 30 days: 18.00 € are left, the credit is 9.00 €.',
        },
      ],
    });
    // 99.0625 %: what follows the point is shown with four digits.
    const shown = creditsOf([incident('2026-11-10T10:00', '2026-11-10T16:45')])[0]?.steps[1]?.fr;
    expect(shown).toContain('99.0625 %');
  });

  test('only for total ones that have lasted a while and whose instants a clock vouches for', () => {
    expect(given([FIVE])).toEqual([FIVE_PERCENT]);
    expect(given([{ ...FIVE, total: false }])).toEqual([]);
    expect(given([{ ...FIVE, dated: false }])).toEqual([]);
    expect(given([{ ...FIVE, to: FIVE.from }])).toEqual([]);
    expect(given([])).toEqual([]);
  });

  test('that is over, as soon as it is, in the order of months', () => {
    expect(given([FIVE], {}, NOVEMBER.to)).toEqual([FIVE_PERCENT]);
    expect(given([FIVE], {}, NOVEMBER.to - 1)).toEqual([]);
    const december = incident('2026-12-10T10:00', '2026-12-10T12:10');
    expect(given([FIVE, december])).toEqual([FIVE_PERCENT, [DECEMBER.from, 4_500_000]]);
    expect(given([FIVE, december], {}, DECEMBER.to - 1)).toEqual([FIVE_PERCENT]);
  });

  test('each month by what of an incident lies in it, and none where nothing does', () => {
    const over = incident('2026-11-30T22:50', '2026-12-01T02:30');
    expect(given([over])).toEqual([
      ['November', 4_500_000],
      [DECEMBER.from, 4_500_000],
    ]);
    const upTo = incident('2026-11-30T21:50', '2026-12-01T00:00');
    expect(given([upTo])).toEqual([FIVE_PERCENT]);
    const january = incident('2027-01-10T10:00', '2027-01-10T12:15');
    expect(given([FIVE, january])).toEqual([FIVE_PERCENT, [paris('2027-01-01T00:00'), 4_500_000]]);
  });

  test('under the contract of its first instant, or of its last where there was none yet', () => {
    const from = (instant: number, regime: Regime) => ({
      regimeAt: (at: number) => (at >= instant ? regime : undefined),
    });
    expect(given([FIVE], from(NOVEMBER.to - 1, AUTOMATIC))).toEqual([FIVE_PERCENT]);
    expect(given([FIVE], from(NOVEMBER.to, AUTOMATIC))).toEqual([]);
    const changes = { regimeAt: (at: number) => (at === NOVEMBER.from ? AUTOMATIC : regimeOf('mie')) };
    expect(given([FIVE], changes)).toEqual([FIVE_PERCENT]);
    expect(given([FIVE], { regimeAt: () => regimeOf('mie') })).toEqual([]);
    expect(given([FIVE], { regimeAt: () => undefined })).toEqual([]);
  });

  test('only while the service lives: an outage before or after it was none of it', () => {
    const life = (from: number, to: number) => ({ life: { from, to } });
    const half = FIVE.from + 70 * 60_000;
    expect(given([FIVE], life(NOVEMBER.from, NOVEMBER.to))).toEqual([FIVE_PERCENT]);
    expect(given([FIVE], life(half, ALWAYS))).toEqual([]);
    expect(given([FIVE], life(0, half - 10 * 60_000))).toEqual([]);
    expect(given([FIVE], life(NOVEMBER.to, ALWAYS))).toEqual([]);
    expect(given([FIVE], life(0, NOVEMBER.from))).toEqual([]);
    expect(given([TEN], life(TEN.from + 300 * 60_000, ALWAYS))).toEqual([FIVE_PERCENT]);
    expect(given([TEN], life(0, TEN.from + 132 * 60_000))).toEqual([FIVE_PERCENT]);
  });
});

describe('N3, N4: usage and what was given before', () => {
  const months = (euro: Readonly<Record<string, number>>) => ({
    usageIn: ({ from }: Interval) => (euro[new Date(from + 7_200_000).toISOString().slice(0, 7)] ?? 0) * 1_000_000,
  });
  const FIVE_OF = (microEuro: number) => [['November', microEuro]];

  test('N3: the mean usage of the three months before counts, of those in which the service lived', () => {
    const usage = months({ '2026-07': 900, '2026-08': 30, '2026-09': 60, '2026-10': 120, '2026-12': 900 });
    expect(given([FIVE], usage)).toEqual(FIVE_OF(8_000_000));
    const born = (day: string) => ({ ...usage, life: { from: paris(`${day}T00:00`), to: ALWAYS } });
    const october = { ...usage, life: { from: Date.parse('2026-10-01T00:00+02:00'), to: ALWAYS } };
    expect(given([FIVE], october)).toEqual(FIVE_OF(10_500_000));
    expect(given([FIVE], born('2026-10-01'))).toEqual(FIVE_OF(4_500_000));
    expect(given([FIVE], born('2026-11-01'))).toEqual(FIVE_OF(4_500_000));
  });

  test('N4: a fifth of fees and usage of the month in thirty days', () => {
    const all = incident('2026-11-10T10:00', '2026-11-20T10:00');
    expect(given([all])).toEqual(FIVE_OF(18_000_000));
    expect(given([all], months({ '2026-10': 300 }))).toEqual(FIVE_OF(18_000_000));
    expect(given([all], months({ '2026-10': 300, '2026-11': 10 }))).toEqual(FIVE_OF(20_000_000));
  });

  test('N4: what the thirty days before the end of the month gave is taken off', () => {
    const february = incident('2027-02-10T10:00', '2027-02-20T10:00');
    const january = incident('2027-01-10T10:00', '2027-01-10T12:15');
    // January ends 28 days before February does; December, of 31 days, does not.
    expect(given([january, february])).toEqual([
      [paris('2027-01-01T00:00'), 4_500_000],
      [paris('2027-02-01T00:00'), 13_500_000],
    ]);
    const december = incident('2026-12-10T10:00', '2026-12-20T10:00');
    expect(given([incident('2026-11-10T10:00', '2026-11-20T10:00'), december])).toEqual([
      ['November', 18_000_000],
      [DECEMBER.from, 18_000_000],
    ]);
    // A month of thirty days begins exactly thirty days before its end.
    const april = incident('2027-04-10T10:00', '2027-04-20T10:00');
    const march = incident('2027-03-10T10:00', '2027-03-20T10:00');
    expect(given([march, april]).map(([, microEuro]) => microEuro)).toEqual([18_000_000, 18_000_000]);
  });

  test('N4: what was never asked for takes nothing off; two months that were take off both', () => {
    const asked = { regimeAt: () => NEXIS };
    const january = incident('2027-01-10T10:00', '2027-01-10T12:15');
    const february = incident('2027-02-10T10:00', '2027-02-20T10:00', { claimed: ALWAYS });
    expect(given([january, february], asked).map(([, microEuro]) => microEuro)).toEqual([4_500_000, 18_000_000]);
    const told = { ...january, claimed: ALWAYS };
    expect(given([told, february], asked).map(([, microEuro]) => microEuro)).toEqual([4_500_000, 13_500_000]);
  });

  test('nexis 18: given when it was first asked for, after the month', () => {
    const asked = (...claims: readonly (number | undefined)[]) =>
      creditsOf(
        claims.map((claimed, index) => ({ ...FIVE, from: FIVE.from + index, claimed })),
        { regimeAt: () => NEXIS },
      ).map(({ at, due }) => [at, due]);
    expect(asked(undefined)).toEqual([[NOVEMBER.to - 1, false]]);
    expect(asked(NOVEMBER.from)).toEqual([[NOVEMBER.to - 1, true]]);
    expect(asked(NOVEMBER.to + 9, NOVEMBER.to + 5, undefined, NOVEMBER.to + 7)).toEqual([[NOVEMBER.to + 5, true]]);
    expect(creditsOf([{ ...FIVE, claimed: ALWAYS }])[0]?.at).toBe(NOVEMBER.to - 1);
  });
});
