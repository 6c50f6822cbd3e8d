import { describe, expect, test } from 'vitest';
import type { VoicePrice } from '../../../../agent/model/deck.ts';
import { longestCallTo, longServiceSeconds } from '../../../../agent/rating/deck/long-service.ts';
import { DECK, regimeOf } from '../book/sample.ts';
import { CMI_PAYOUT } from '../terms-of-contracts.ts';

const LONG = { overMicroEuroTtcPerMinute: 150_000, maximumSeconds: 1_800 };
const seconds = (microEuro: number, tax: 'HT' | 'TTC', bound: 'inclusive' | 'exclusive', vatPerMille = 200) =>
  longServiceSeconds({ microEuro, tax, vatPerMille }, LONG, bound);

describe('R-3, R5: a service by duration ends after thirty minutes where its minute costs more than 0.15 euro TTC', () => {
  test('with the VAT where the price has it already, and with it added where it has not', () => {
    expect(seconds(150_001, 'TTC', 'exclusive')).toBe(1_800);
    expect(seconds(149_999, 'TTC', 'inclusive')).toBeUndefined();
    expect(seconds(125_001, 'HT', 'exclusive')).toBe(1_800);
    expect(seconds(124_999, 'HT', 'inclusive')).toBeUndefined();
    expect(seconds(149_999, 'HT', 'inclusive', 0)).toBeUndefined();
  });

  test('the bound itself as the contract is read', () => {
    for (const [price, tax] of [
      [150_000, 'TTC'],
      [125_000, 'HT'],
    ] as const) {
      expect(seconds(price, tax, 'inclusive')).toBe(1_800);
      expect(seconds(price, tax, 'exclusive')).toBeUndefined();
    }
  });

  test('R-10: a price that leaves the safe integers is refused', () => {
    expect(() => seconds(2 ** 50, 'HT', 'inclusive')).toThrow(RangeError);
    expect(() =>
      longServiceSeconds(
        { microEuro: 1, tax: 'HT', vatPerMille: 200 },
        { ...LONG, overMicroEuroTtcPerMinute: 2 ** 50 },
        'inclusive',
      ),
    ).toThrow(RangeError);
  });
});

describe('R-3: the longest call to a number', () => {
  const regime = regimeOf({ payoutTerms: CMI_PAYOUT });
  const price = (
    perMinuteMicroEuro: number,
    tax?: VoicePrice['tax'],
  ): Pick<VoicePrice, 'perMinuteMicroEuro' | 'tax'> =>
    tax === undefined ? { perMinuteMicroEuro } : { perMinuteMicroEuro, tax };

  test.each(['premium-special', 'directory', 'short'] as const)(
    'is that of the service behind a number of class %s',
    (to) => {
      expect(longestCallTo(to, price(150_001, 'TTC'), { deck: DECK, regime })).toBe(1_800);
    },
  );

  test('has no limit anywhere else, however dear, nor where the contract is silent', () => {
    expect(longestCallTo('satellite', price(9_000_000, 'TTC'), { deck: DECK, regime })).toBeUndefined();
    expect(longestCallTo('short', price(9_000_000, 'TTC'), { deck: DECK, regime: regimeOf() })).toBeUndefined();
  });

  test('by the VAT and the tax treatment of the price list where the price has none of its own', () => {
    const to = (perMinute: number, deck: typeof DECK) => longestCallTo('short', price(perMinute), { deck, regime });
    expect(to(125_001, { ...DECK, tax: 'HT' })).toBe(1_800);
    expect(to(125_001, { ...DECK, tax: 'TTC' })).toBeUndefined();
    expect(to(125_001, { ...DECK, tax: 'HT', vatPerMille: 0 })).toBeUndefined();
  });
});
