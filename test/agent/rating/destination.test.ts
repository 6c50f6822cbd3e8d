import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reserve } from '../../../agent/rating/credit/reserve.ts';
import { emptySiteAccount } from '../../../agent/rating/credit/site-account.ts';
import { destinationOf } from '../../../agent/rating/destination.ts';
import { EMERGENCY_NUMBERS } from '../../../agent/rating/dialled.ts';
import { priceOf } from '../../../agent/rating/price.ts';
import { admitted, answered, DECK, ended, lent, NO_RESERVATION, ON_NET, sampleContract, tell } from './sample.ts';

const TWELVE = ['15', '17', '18', '112', '114', '115', '119', '191', '196', '197', '116000', '116117'];
const ACCESS = ['', '+33', '0033', '0', '+33 (0)', '0033 0', '+', '00'];
const IDENTITY = ['', '*31*', '#31#', '3651', '*31*3651', '%2331%23', '*31#', '36 51 '];
const AROUND = [(n: string) => n, (n: string) => `tel:${n}`, (n: string) => `${n};phone-context=+33`];
const SPACED = [(n: string) => n, (n: string) => (n.match(/%..|./g) ?? []).join(' '), (n: string) => `${n}#`];

const spellings = (number: string): readonly string[] =>
  IDENTITY.flatMap((identity) =>
    ACCESS.flatMap((access) =>
      AROUND.flatMap((around) => SPACED.map((spaced) => around(spaced(`${identity}${access}${number}`)))),
    ),
  );

describe('V-1 (M8, art. 2.1): the twelve emergency numbers', () => {
  test('are those of ARCEP, no more and no less', () => {
    expect([...EMERGENCY_NUMBERS].sort()).toEqual([...TWELVE].sort());
  });

  test.each(TWELVE)('%s is an emergency call in every dial form, with any deck, and costs nothing', (number) => {
    const hostile = {
      ...DECK,
      entries: DECK.entries.map((entry) => ({ ...entry, prefix: number, kind: 'short' as const })),
    };
    for (const dialled of spellings(number)) {
      const destination = destinationOf(dialled, hostile, new Set([`+33${number}`, `+${number}`]));
      expect(destination, dialled).toEqual({ number, class: 'emergency', entry: undefined });
      expect(priceOf(destination).free, dialled).toBe(true);
    }
  });

  test.each(TWELVE)(
    '%s takes no credit from an account that has none, nor from one that has, and is not charged',
    (n) => {
      const contract = sampleContract({ sticky: true });
      const limited = tell([ended('x', 0, { cause: 'refused-credit', unanswered: true })], contract).account;
      for (const dialled of spellings(n)) {
        for (const account of [emptySiteAccount(), limited, lent(1_000_000, 1_000, contract)]) {
          expect(reserve(account, contract, dialled, 'outgoing', 90)).toEqual({
            reservation: NO_RESERVATION,
            seconds: 90,
          });
          const story = [admitted('e', dialled, { ...NO_RESERVATION, ticks: 50 }), answered('e'), ended('e', 9_000)];
          const told = tell(story, contract, account);
          expect(told.charges).toEqual([]);
          expect(told.account.charged).toEqual(account.charged);
        }
      }
    },
  );

  test.each([
    '1512',
    '1120',
    '116111',
    '116001',
    '0151234567',
    '+3365115',
    '+36 51 116 117',
    '0036 51 116117',
    '+115123',
  ])('%s is not an emergency call', (dialled) => {
    expect(destinationOf(dialled, DECK, ON_NET).class).not.toBe('emergency');
  });

  test('wins over a deck and over on-net numbers whatever precedes it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TWELVE),
        fc.array(fc.constantFrom('*31*', '#31#', '3651', '%2A31%2A'), { maxLength: 4 }),
        fc.constantFrom(...ACCESS),
        (number, identity, access) => {
          const dialled = identity.join('') + access + number;
          expect(destinationOf(dialled, DECK, ON_NET)).toMatchObject({ class: 'emergency', number });
        },
      ),
    );
  });
});

describe('R-2: a dialled number has one destination, however it is written', () => {
  const rows: readonly (readonly [dialled: string, number: string, className: string, name: string | undefined])[] = [
    ['01 23 45 67 89', '+33123456789', 'geographic', 'geographic'],
    ['01.23.45.67.89', '+33123456789', 'geographic', 'geographic'],
    ['+33 1-23-45-67-89', '+33123456789', 'geographic', 'geographic'],
    ['0033123456789', '+33123456789', 'geographic', 'geographic'],
    ['+33 (0)1 23 45 67 89', '+33123456789', 'geographic', 'geographic'],
    ['3651 06 12 34 56 78', '+33612345678', 'mobile', 'mobile'],
    ['*31*0612345678', '+33612345678', 'mobile', 'mobile'],
    ['#31#+33612345678', '+33612345678', 'mobile', 'mobile'],
    ['%2331%230612345678', '+33612345678', 'mobile', 'mobile'],
    ['+33612345678;npdi', '+33612345678', 'mobile', 'mobile'],
    ['0155550001', '+33155550001', 'on-net', undefined],
    ['3651 0033 1 55 55 00 02', '+33155550002', 'on-net', undefined],
    ['0800 123 456', '+33800123456', 'free-special', 'free'],
    ['0899123456', '+33899123456', 'premium-special', 'per call'],
    ['004930123456', '+4930123456', 'international', 'Germany'],
    ['00 49 151 2345678', '+491512345678', 'international', 'Germany mobile'],
    ['0049150 1234567', '+491501234567', 'invalid', 'barred'],
    ['0692 12 34 56', '+262692123456', 'overseas', 'Réunion mobile'],
    ['+33 692 12 34 56', '+262692123456', 'overseas', 'Réunion mobile'],
    ['+262 692 12 34 56', '+262692123456', 'overseas', 'Réunion mobile'],
    ['0508 41 00 00', '+508410000', 'overseas', 'Saint-Pierre'],
    ['3900', '3900', 'premium-special', '39PQ'],
    ['+33 3900', '3900', 'premium-special', '39PQ'],
    ['03900', '3900', 'premium-special', '39PQ'],
    ['118 218', '118218', 'premium-special', '118XYZ'],
    ['3651', '3651', 'premium-special', '36PQ'],
    ['0223456789', '+33223456789', 'invalid', undefined],
    ['0062 1 23 45 67', '+621234567', 'invalid', undefined],
    ['33123456789', '33123456789', 'invalid', undefined],
    ['012345', '012345', 'invalid', undefined],
    ['3900123', '3900123', 'invalid', undefined],
    ['+3312345678', '+3312345678', 'invalid', undefined],
    ['+49301234567890123', '+49301234567890123', 'invalid', undefined],
    ['alice', 'alice', 'invalid', undefined],
    ['+33 1 23 45 67 8x', '+3312345678x', 'invalid', undefined],
    ['', '', 'invalid', undefined],
    ['+', '+', 'invalid', undefined],
    ['0', '0', 'invalid', undefined],
  ];

  test.each(rows)('%j goes to %j, class %s', (dialled, number, className, name) => {
    const destination = destinationOf(dialled, DECK, ON_NET);
    expect(destination.number).toBe(number);
    expect(destination.class).toBe(className);
    expect(destination.entry?.name).toBe(name);
  });

  test('its own number in E.164 leads to itself again', () => {
    const national = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 99_999_999 }));
    fc.assert(
      fc.property(national, ([first, rest]) => {
        const once = destinationOf(`0${first}${String(rest).padStart(8, '0')}`, DECK, ON_NET);
        expect(destinationOf(once.number, DECK, ON_NET)).toEqual(once);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the longest prefix wins, in any order of the deck', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(DECK.entries.slice(), { minLength: DECK.entries.length }), (entries) => {
        const deck = { ...DECK, entries };
        expect(destinationOf('00491512345678', deck, ON_NET).entry?.name).toBe('Germany mobile');
        expect(destinationOf('0049301234567', deck, ON_NET).entry?.name).toBe('Germany');
      }),
    );
  });

  test('a short prefix is never taken for an E.164 prefix, nor the other way round', () => {
    expect(destinationOf('+3949123456', DECK, ON_NET).class).toBe('invalid');
    expect(destinationOf('4915', DECK, ON_NET).class).toBe('invalid');
  });
});

describe('R-10: a price is exact', () => {
  const priced = (dialled: string) => priceOf(destinationOf(dialled, DECK, ON_NET));

  test('R micro-euro per minute are R ticks per second, and a set-up fee is 60 ticks per micro-euro', () => {
    expect(priced('0612345678')).toEqual({ ticksPerSecond: 30, setupTicks: 120, inBundle: true, free: false });
  });

  test('a destination without a price is not free', () => {
    expect(priced('0223456789')).toEqual({ ticksPerSecond: 0, setupTicks: 0, inBundle: false, free: false });
  });

  test.each(['0800123456', '0155550001', '112'])('%s is free and takes nothing from the bundle', (dialled) => {
    expect(priced(dialled)).toEqual({ ticksPerSecond: 0, setupTicks: 0, inBundle: false, free: true });
  });

  test('V-1: what a deck calls emergency costs nothing, whatever price stands beside it', () => {
    const entries = DECK.entries.map((entry) => ({ ...entry, class: 'emergency' as const }));
    expect(priceOf(destinationOf('3919', { ...DECK, entries }, ON_NET)).free).toBe(true);
  });

  test('a price per call without a price per minute is not free', () => {
    expect(priced('0899123456')).toEqual({ ticksPerSecond: 0, setupTicks: 300, inBundle: false, free: false });
  });
});
