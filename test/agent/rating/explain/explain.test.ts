import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../../../agent/model/rule.ts';
import { euro } from '../../../../agent/rating/explain/euro.ts';
import { explain } from '../../../../agent/rating/explain/explain.ts';
import { RULES as SENTENCES } from '../../../../agent/rating/explain/sentences.ts';
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
    for (const rule of Object.keys(SENTENCES) as Rule[]) {
      expect(SENTENCES[rule].fr, rule).not.toBe('');
      expect(SENTENCES[rule].en, rule).not.toBe(SENTENCES[rule].fr);
    }
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
  ])('%i ticks are %s', (ticks, text) => expect(euro(ticks, ',')).toBe(text));
});
