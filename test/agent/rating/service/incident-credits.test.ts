import { describe, expect, test } from 'vitest';
import { incidentCredits } from '../../../../agent/rating/service/incident-credits.ts';
import type { Incident } from '../../../../agent/rating/service/incidents.ts';
import { incident, paris, servedBy } from './served.ts';

type Terms = Parameters<typeof servedBy>[1];
const given = (operator: Parameters<typeof servedBy>[0], incidents: readonly Incident[], terms: Terms = {}) =>
  incidentCredits(incidents, servedBy(operator, terms)).map(({ rule, microEuro, due }) => [rule, microEuro, due]);

/** Monday 2 November 2026, five working hours. */
const HALF = incident('2026-11-02T10:00', '2026-11-02T15:00');
const HALF_FEE = ['gtr', 45_000_000, true];
/** Of cmi, from Monday 10:00: eleven working hours, hence one monthly fee. */
const WHOLE = incident('2026-11-02T10:00', '2026-11-03T18:00');

describe('G-1 to G-3, G-7: what an incident gives back', () => {
  test('says all that a statement has to: which, when, how much, by which article, and why in two languages', () => {
    expect(incidentCredits([HALF], servedBy('imesit'))).toEqual([
      {
        id: `credit/gtr/access/${HALF.from}`,
        ...{ rule: 'gtr', service: 'access', from: HALF.from, to: HALF.to, at: HALF.to },
        ...{ microEuro: 45_000_000, tax: 'HT', due: true, regime: 'imesit@1' },
        article: expect.stringContaining('CGS 7'),
        steps: expect.any(Array),
      },
    ]);
    const [{ steps } = { steps: [] }] = incidentCredits([HALF], servedBy('imesit'));
    expect(steps).toHaveLength(4);
    expect(steps[0]?.fr).toMatch(/^Le délai court du signalement, .*\. \(CGS 7.*\)$/s);
    expect(steps[0]?.en).toMatch(/^The clock runs from the report, .*\. \(CGS 7.*\)$/s);
  });

  test('nothing while it lasts, nothing where no clock vouches for it', () => {
    expect(given('imesit', [{ ...HALF, open: true }])).toEqual([]);
    expect(given('imesit', [{ ...HALF, dated: false }])).toEqual([]);
  });

  test('nothing for what was reported before the service began or when it had ended', () => {
    const life = (from: number, to: number) => ({ life: { from, to } });
    const { reported } = HALF;
    expect(given('imesit', [HALF], life(reported, reported + 1))).toEqual([HALF_FEE]);
    expect(given('imesit', [HALF], life(reported + 1, reported + 2))).toEqual([]);
    expect(given('imesit', [HALF], life(reported - 2, reported))).toEqual([]);
  });

  test('nothing without a contract, without that clause, or for a service that has no guarantee', () => {
    expect(given('imesit', [HALF], { regimeAt: () => undefined })).toEqual([]);
    expect(given('mie', [HALF])).toEqual([]);
    expect(given('imesit', [HALF], { service: { guaranteed: false } })).toEqual([]);
  });

  test('G-1: the holidays of Alsace and Moselle count where the service is there', () => {
    // Good Friday 2027: a working day in Paris, none in Strasbourg.
    const friday = incident('2027-03-26T10:00', '2027-03-26T15:00');
    expect(given('imesit', [friday])).toEqual([HALF_FEE]);
    expect(given('imesit', [friday], { service: { commune: '75056' } })).toEqual([HALF_FEE]);
    expect(given('imesit', [friday], { service: { commune: '67482' } })).toEqual([]);
  });

  test('G-2, cmi: no clock without a restart', () => {
    expect(given('cmi', [{ ...WHOLE, claimed: WHOLE.to, restarted: undefined }])).toEqual([]);
    expect(given('cmi', [{ ...WHOLE, claimed: WHOLE.to }])).toEqual([['gtr', 90_000_000, true]]);
  });

  test('G9: nothing while an invoice is due, from the report to the return', () => {
    const unpaid = (from: number, to: number) => given('imesit', [HALF], { unpaid: [{ from, to }] });
    const { reported, to } = HALF;
    expect(unpaid(reported - 10, reported)).toEqual([HALF_FEE]);
    expect(unpaid(reported - 10, reported + 1)).toEqual([]);
    expect(unpaid(to - 1, to + 10)).toEqual([]);
    expect(unpaid(to, to + 10)).toEqual([HALF_FEE]);
  });
});

describe('G5, G-3: one fee a year, in the order in which incidents ended', () => {
  const claimed = paris('2026-12-01T10:00');
  const short = { ...incident('2026-11-04T09:00', '2026-11-04T18:00'), claimed };
  const long = { ...WHOLE, claimed };

  test('whichever was told first', () => {
    for (const order of [
      [short, long],
      [long, short],
    ]) {
      expect(given('cmi', order)).toEqual([['gtr', 90_000_000, true]]);
    }
    // The one that began earlier ends later here, and finds the year spent but for what the other left.
    const around = { ...incident('2026-11-02T10:00', '2026-11-05T18:00'), claimed };
    for (const order of [
      [around, short],
      [short, around],
    ]) {
      expect(given('cmi', order)).toEqual([
        ['gtr', 18_000_000, true],
        ['gtr', 72_000_000, true],
      ]);
    }
  });

  test('of two that ended together the one that began first comes first', () => {
    const later = { ...incident('2026-11-03T09:00', '2026-11-03T18:00'), claimed };
    for (const order of [
      [later, long],
      [long, later],
    ]) {
      expect(incidentCredits(order, servedBy('cmi')).map(({ from }) => from)).toEqual([long.from]);
    }
  });

  test('each year anew, and what nobody asked for spends nothing', () => {
    const years = { ceilingYearOf: (at: number) => (at < paris('2026-11-04T00:00') ? 'one' : 'two') };
    expect(given('cmi', [long, short], years)).toEqual([
      ['gtr', 90_000_000, true],
      ['gtr', 18_000_000, true],
    ]);
    expect(given('cmi', [WHOLE, short])).toEqual([
      ['gtr', 90_000_000, false],
      ['gtr', 18_000_000, true],
    ]);
  });

  test('given when it is asked for, not before it is over', () => {
    const at = (asked: number) => incidentCredits([{ ...WHOLE, claimed: asked }], servedBy('cmi'))[0]?.at;
    expect(at(WHOLE.to + 5)).toBe(WHOLE.to + 5);
    expect(at(WHOLE.from)).toBe(WHOLE.to);
    expect(incidentCredits([WHOLE], servedBy('cmi'))[0]?.at).toBe(WHOLE.to);
    expect(incidentCredits([{ ...HALF, claimed: HALF.to + 5 }], servedBy('imesit'))[0]?.at).toBe(HALF.to);
  });
});

describe('G-4: two days without the service give one monthly fee', () => {
  const days = incident('2026-11-07T00:00', '2026-11-09T06:00', { claimed: paris('2026-11-10T10:00') });
  const refund = (one: Incident, terms: Terms = {}) =>
    incidentCredits([one], servedBy('imesit', terms)).filter(({ rule }) => rule === 'long-outage');

  test('and say why, in two languages', () => {
    expect(refund(days)).toEqual([
      {
        id: `credit/long-outage/access/${days.from}`,
        ...{ rule: 'long-outage', service: 'access', from: days.from, to: days.to, at: days.claimed },
        ...{ microEuro: 90_000_000, tax: 'HT', due: true, regime: 'imesit@1' },
        article: expect.stringContaining('fixe 8.1'),
        steps: [
          {
            fr: expect.stringMatching(/^Interruption de 54 h sans excuse, 2 jours consécutifs ou plus\. \(fixe 8\.1/),
            en: expect.stringMatching(/^Interrupted for 54 h without an excuse, 2 days in a row or more\. \(fixe 8\.1/),
          },
          {
            fr: expect.stringMatching(/^Abonnement mensuel remboursé : 90\.00 €\. \(fixe 8\.1/),
            en: expect.stringMatching(/^Monthly fee given back: 90\.00 €\. \(fixe 8\.1/),
          },
        ],
      },
    ]);
  });

  test('only for a total one, and only for the services that the clause names', () => {
    expect(refund({ ...days, total: false })).toEqual([]);
    const cmi = (access: string) =>
      given('cmi', [days], { service: { access, guaranteed: false } }).filter(([rule]) => rule === 'long-outage');
    expect(cmi('mobile')).toEqual([['long-outage', 90_000_000, true]]);
    expect(cmi('sdsl')).toEqual([]);
    expect(given('nexis', [days])).toEqual([]);
  });

  test('shown and not given until somebody asks', () => {
    expect(refund({ ...days, claimed: undefined })).toMatchObject([{ due: false, at: days.to }]);
  });

  test('nothing for a shorter one', () => expect(refund({ ...days, to: days.from + 47 * 3_600_000 })).toEqual([]));
});
