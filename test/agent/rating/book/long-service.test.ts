import { describe, expect, test } from 'vitest';
import { DeckSchema } from '../../../../agent/model/deck.ts';
import { explain } from '../../../../agent/rating/explain/explain.ts';
import { diceOf } from '../limits/sample.ts';
import { CMI_PAYOUT } from '../terms-of-contracts.ts';
import { call, DECK, rated, regimeOf, type Twist } from './sample.ts';

/** The whole number of an issue is run with HISTORIES=100000. */
const HISTORIES = Number(process.env.HISTORIES ?? 2_000);

const PAYOUT = { payoutTerms: CMI_PAYOUT };
const SERVICE = '0899123456';

/** The sample's price list with one price for 0899, as it is meant to the caller. */
function twist(perMinuteMicroEuro: number, tax: 'HT' | 'TTC', more: Twist = {}): Twist {
  const others = DECK.voice.filter(({ name }) => name !== '0899');
  const price = { name: '0899', for: { class: 'premium-special' }, perMinuteMicroEuro, tax };
  return { decks: [DeckSchema.parse({ ...DECK, voice: [...others, price] })], regime: PAYOUT, ...more };
}

const one = (seconds: number, given: Twist, party = SERVICE) => {
  const [first] = rated([call(seconds, { party })], given).uses;
  return first ?? expect.fail('not rated');
};

describe('R-3, R5, hard case 29: a service over 0.15 € a minute lasts thirty minutes', () => {
  test('forty minutes at 0.80 € are charged as thirty, and the rest is shown as not charged', () => {
    expect(one(2_400, twist(800_000, 'TTC'))).toMatchObject({
      quantity: 2_400,
      paid: 1_800,
      waived: 600,
      limit: 'long-service',
      ticks: 1_800 * 800_000,
    });
  });

  test('thirty minutes to the second are charged whole, and nothing limits them', () => {
    expect(one(1_800, twist(800_000, 'TTC'))).toMatchObject({ paid: 1_800, waived: 0, limit: undefined });
  });

  test('exactly 0.15 € TTC has no limit; one micro-euro more has; R5 may say otherwise', () => {
    expect(one(2_000, twist(150_000, 'TTC')).limit).toBeUndefined();
    expect(one(2_000, twist(150_001, 'TTC')).limit).toBe('long-service');
    const inclusive = { regime: { ...PAYOUT, payout: { long_service_over: 'inclusive' } } };
    expect(one(2_000, twist(150_000, 'TTC', inclusive)).limit).toBe('long-service');
  });

  test('a price without tax is compared with its VAT: 0.125 € HT are 0.15 € TTC at 20 %', () => {
    expect(one(2_000, twist(125_000, 'HT')).limit).toBeUndefined();
    expect(one(2_000, twist(125_001, 'HT')).limit).toBe('long-service');
  });

  test('a dear minute to anything but a special number is not a service, and a contract that is silent sets no limit', () => {
    const dear = { name: 'geographic', for: { class: 'geographic' }, perMinuteMicroEuro: 900_000 };
    const decks = [DeckSchema.parse({ ...DECK, voice: [dear] })];
    expect(one(2_400, { decks, regime: PAYOUT }, '0123456789').limit).toBeUndefined();
    expect(one(2_400, twist(800_000, 'TTC', { regime: {} })).limit).toBeUndefined();
  });

  test('the explanation cites the article that the limit stands in', () => {
    const regime = regimeOf(PAYOUT);
    const { steps } = explain(one(2_400, twist(800_000, 'TTC')), regime);
    expect(steps.at(-1)?.fr).toContain(regime.payoutTerms?.longService.article);
    expect(steps.at(-1)?.en).toMatch(/^longest time of the service reached/);
  });

  test('the cap stops first where it is reached first, and says so', () => {
    const cap = { regime: { ...PAYOUT, credit: { ...regimeOf().credit, limitMicroEuro: cited(800_000) } } };
    expect(one(2_400, twist(800_000, 'TTC', cap))).toMatchObject({ paid: 60, waived: 2_340, limit: 'cap' });
  });
});

const cited = (value: number) => ({ value, article: 'sample' });

test(`R-3, R-10: ${HISTORIES} random calls cost what a count of each second gives`, () => {
  const dice = diceOf(29);
  for (let index = 0; index < HISTORIES; index += 1) {
    const tax = dice.pick(['HT', 'TTC']) as 'HT' | 'TTC';
    const around = dice.pick([125_000, 150_000, 800_000, 60_000]);
    const price = around - 2 + dice.below(5);
    const seconds = dice.pick([0, 1_799, 1_800, 1_801, dice.below(8_000)]);
    const ttc = tax === 'TTC' ? price * 5 : price * 6;
    let ticks = 0;
    for (let second = 0; second < seconds; second += 1) {
      if (second >= 30 * 60 && ttc > 750_000) break;
      ticks += price;
    }
    const found = one(seconds, twistOnce(price, tax));
    if (found.ticks !== ticks || found.paid + found.waived !== seconds)
      expect.fail(JSON.stringify({ price, tax, seconds, ticks, found }));
  }
});

const made = new Map<string, Twist>();
function twistOnce(price: number, tax: 'HT' | 'TTC'): Twist {
  const key = `${price} ${tax}`;
  const known = made.get(key) ?? twist(price, tax);
  made.set(key, known);
  return known;
}
