import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { euro } from '../../../../agent/rating/explain/euro.ts';
import { explain } from '../../../../agent/rating/explain/explain.ts';
import { LIMITS, RULES as SENTENCES } from '../../../../agent/rating/explain/sentences.ts';
import { call, charge, regimeOf, type Twist, use } from '../book/sample.ts';

const articles = { bundle: 'art. 12.2', cap: 'art. 13' };
const why = (one: Parameters<typeof charge>[0], twist: Twist = {}) =>
  explain(charge(one, twist), regimeOf({ articles }));

describe('R-10: every charge can say why', () => {
  test('with the versions it follows from, its rule, the article and each step, in French', () => {
    const { steps, ...told } = why(call(230, { party: '06 12 34 56 78' }), { plan: 'bundle' });
    expect(told).toEqual({
      ...{ id: 'u', regime: 'sample@1', deck: 'sample@1', numbering: 'sample' },
      ...{ rule: 'bundle', article: 'art. 12.2', ticks: 30 * 30 + 2 * 60 },
    });
    expect(steps.map(({ fr }) => fr)).toEqual([
      '06 12 34 56 78 est le +33612345678, classe « mobile », FR',
      'forfait d’abord, puis à la consommation',
      '230 s au total',
      'dont 200 s comprises',
      '30 s à 0,00003 € HT/min + 0,000002 € (« mobile ») = 0,000017 € HT',
    ]);
  });

  test('and in English', () => {
    expect(why(call(10, { party: '0899123456' })).steps.map(({ en }) => en)).toEqual([
      '0899123456 is +33899123456, class "premium-special", FR',
      'metered',
      '10 s in all',
      '10 s at 0.00008 € TTC/min ("0899") = 0.000013 20/60 µ € TTC',
    ]);
  });

  test('C-1: what the cap kept from being charged is said with its article', () => {
    const credit = { ...regimeOf().credit, limitMicroEuro: { value: 1, article: 'art. 13' } };
    const { steps } = explain(charge(call(9), { regime: { credit } }), regimeOf({ articles }));
    expect(steps.map(({ fr }) => fr).slice(-3)).toEqual([
      'dont 3 s non facturées',
      '6 s à 0,00001 € HT/min (« geographic ») = 0,000001 € HT',
      'plafond hors forfait atteint : le reste n’est pas facturé (art. 13)',
    ]);
  });

  test('V-1: an emergency call says only that it is one', () => {
    const { steps, article } = why(call(60, { party: '112' }));
    expect(article).toBe('-');
    expect(steps).toHaveLength(2);
    expect(steps[1]?.fr).toContain('urgence');
  });

  test('a use without a number says its amounts', () => {
    expect(why(use('data', { bytes: 1_500 })).steps.map(({ en }) => en)).toEqual([
      'metered',
      '1500 bytes in all',
      '1500 bytes at 0.001 € HT a unit ("data") = 0.0015 € HT',
    ]);
  });

  test('every rule has its sentence in both languages', () => {
    for (const [rule, { fr, en }] of Object.entries({ ...SENTENCES, ...LIMITS })) {
      expect([fr, en], rule).not.toContain('');
      expect(en, rule).not.toBe(fr);
    }
  });

  test('every kind has its unit in both languages, and says what of it is included, paid and not charged', () => {
    const told = (one: Parameters<typeof charge>[0], twist: Twist = {}) =>
      why(one, twist)
        .steps.slice('party' in one ? 2 : 1)
        .flatMap(({ fr, en }) => [fr, en]);
    const sms = use('sms', { party: '0612345678', segments: 7 });
    expect(told(sms, { plan: 'mobile' })).toEqual([
      '7 SMS au total',
      '7 SMS in all',
      'dont 5 SMS comprises',
      'of which 5 SMS included',
      '2 SMS à 0,07 € HT (« SMS ») = 0,14 € HT',
      '2 SMS at 0.07 € HT ("SMS") = 0.14 € HT',
    ]);
    expect(told(use('mms', { party: '0612345678' }), { plan: 'mobile' })).toEqual([
      ...['1 MMS au total', '1 MMS in all', 'dont 1 MMS comprises', 'of which 1 MMS included'],
    ]);
    expect(told(use('fax', { pages: 3 })).slice(0, 3)).toEqual([
      ...['3 pages au total', '3 pages in all', '3 pages à 0,10 € HT (« fax ») = 0,30 € HT'],
    ]);
    expect(told(use('data', { bytes: 11_000 }), { plan: 'mobile' })).toEqual([
      ...['11000 octets au total', '11000 bytes in all'],
      ...['dont 10000 octets comprises', 'of which 10000 bytes included'],
      '1000 octets à 0,001 € HT par unité (« data ») = 0,001 € HT',
      '1000 bytes at 0.001 € HT a unit ("data") = 0.001 € HT',
    ]);
    const credit = { ...regimeOf().credit, limitMicroEuro: { value: 1, article: 'art. 13' } };
    expect(told(call(9), { regime: { credit } }).slice(2, 4)).toEqual([
      'dont 3 s non facturées',
      'of which 3 s not charged',
    ]);
  });

  test('M5: a fee that is due without a paid second is said', () => {
    const atStart = { regime: { cap: { setup_fee_due: 'call_start' } } };
    expect(why(call(0, { party: '0612345678' }), atStart).steps.at(-1)?.en).toBe(
      '0 s at 0.00003 € HT/min + 0.000002 € ("mobile") = 0.000002 € HT',
    );
    expect(why(call(0, { party: '0612345678' })).steps.at(-1)?.en).toBe('0 s in all');
  });

  test('a number of no territory and a limit of no article are said without', () => {
    expect(why(call(1, { party: '+881612345678' })).steps[0]).toEqual({
      fr: '+881612345678 est le +881612345678, classe « satellite »',
      en: '+881612345678 is +881612345678, class "satellite"',
    });
    const credit = { ...regimeOf().credit, limitMicroEuro: { value: 1, article: 'art. 13' } };
    const cut = charge(call(9), { regime: { credit } });
    expect(explain(cut, regimeOf()).steps.at(-1)).toEqual(LIMITS.cap);
    expect(explain(cut, regimeOf({ articles })).steps.at(-1)?.en).toBe(`${LIMITS.cap.en} (art. 13)`);
    expect(why(call(null)).steps.map(({ en }) => en)).toEqual([
      '0123456789 is +33123456789, class "geographic", FR',
      SENTENCES.unanswered.en,
    ]);
  });
});

describe('an amount in euros', () => {
  test('R-10: is exact: what is written reads back as the ticks it was', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }), (ticks) => {
        const [, sign, whole, decimals = '', , sixtieths = '0'] =
          /^(-?)(\d+)\.(\d+)( (\d+)\/60 µ)? €$/.exec(euro(ticks, '.')) ?? [];
        const size = BigInt(whole ?? 'x') * 60_000_000n + BigInt(decimals.padEnd(6, '0')) * 60n + BigInt(sixtieths);
        expect(sign === '-' ? -size : size).toBe(BigInt(ticks));
      }),
    );
  });

  test.each([
    [0, '0,00 €'],
    [60_000_000, '1,00 €'],
    [-90_000_000, '-1,50 €'],
    [61, '0,000001 1/60 µ €'],
    [-61, '-0,000001 1/60 µ €'],
    [59_999_999, '0,999999 59/60 µ €'],
    [60_000_000_000, '1000,00 €'],
    [6_000_000, '0,10 €'],
    [600, '0,00001 €'],
  ])('%i ticks are %s', (ticks, text) => expect(euro(ticks, ',')).toBe(text));
});
