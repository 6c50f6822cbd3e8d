import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Deck, VoicePrice } from '../../../../agent/model/deck.ts';
import type { Destination, PriceSelector } from '../../../../agent/model/destination.ts';
import { deckAt } from '../../../../agent/rating/deck/deck-at.ts';
import { voiceShelf } from '../../../../agent/rating/deck/deck-index.ts';
import {
  findDataPrice,
  findRoamingVoicePrice,
  findUnitPrice,
  findVoicePrice,
} from '../../../../agent/rating/deck/find-price.ts';
import { deckOf, isIn, to } from './sample-deck.ts';

const NOW = Date.parse('2026-11-22T12:00:00+01:00');
const voice = (
  name: string,
  selector: PriceSelector,
  days: { from?: string; until?: string; barred?: boolean } = {},
) => ({
  name,
  for: selector,
  perMinuteMicroEuro: 1,
  ...days,
});
const nameOf = (deck: Deck, destination: Destination, at = NOW) => findVoicePrice(deck, destination, at, isIn)?.name;

describe('R-1, R-2: the price of a call', () => {
  const deck = deckOf({
    voice: [
      voice('class', { class: 'international-mobile' }),
      voice('alps', { class: 'international-mobile', zone: 'alps' }),
      voice('eea', { class: 'international-mobile', zone: 'eea' }),
      voice('germany', { class: 'international-mobile', territory: 'DE' }),
      voice('prefix 49', { prefix: '49151' }),
      voice('short 3', { short: '3' }),
      voice('short 39', { short: '39' }),
      voice('directory', { class: 'directory' }),
      voice('barred', { prefix: '4470' }, { barred: true }),
      voice('france mobile', { prefix: '336' }),
    ],
  });

  test.each<readonly [string, Destination, string | undefined]>([
    ['the longest prefix goes before everything', to('+491512345', 'international-mobile', 'DE'), 'prefix 49'],
    ['a territory goes before a zone', to('+491712345', 'international-mobile', 'DE'), 'germany'],
    ['a zone goes before the class', to('+32470123456', 'international-mobile', 'BE'), 'eea'],
    ['of two zones the first in the deck', to('+393123456', 'international-mobile', 'IT'), 'alps'],
    ['else the class', to('+12125550100', 'international-mobile', 'US'), 'class'],
    [
      'a number without a territory is in no zone',
      { ...to('+881612', 'international-mobile'), territory: undefined },
      'class',
    ],
    [
      'short numbers have prefixes of their own',
      { ...to('3900', 'premium-special'), territory: undefined },
      'short 39',
    ],
    ['no E.164 prefix is for a short number', { ...to('3361', 'directory'), territory: undefined }, 'short 3'],
    ['no short prefix is for an E.164 number', to('+39061234', 'international-fixed', 'IT'), undefined],
    ['what is barred is found and says so', to('+447012345678', 'international-premium', 'GB'), 'barred'],
    ['without a price there is no way out', to('+33143000000'), undefined],
    ['an own number has nothing to do with its digits', to('+33612345678', 'on-net'), undefined],
    ['a mobile of the own fleet is a mobile', to('+33612345678', 'own-fleet'), 'france mobile'],
  ])('%s', (_, destination, name) => expect(nameOf(deck, destination)).toBe(name));

  test('the own fleet has its own price where the deck has one', () => {
    const fleet = deckOf({ voice: [voice('mobile', { prefix: '336' }), voice('fleet', { class: 'own-fleet' })] });
    expect(nameOf(fleet, to('+33612345678', 'own-fleet'))).toBe('fleet');
    expect(nameOf(fleet, to('+33612345678', 'mobile'))).toBe('mobile');
    const none = deckOf({ voice: [voice('any mobile', { class: 'mobile' })] });
    expect(nameOf(none, to('+33612345678', 'own-fleet'))).toBe('any mobile');
  });

  test.each(['emergency'] as const)('V-1: no deck has a price for a number of class %s', (className) => {
    const greedy = deckOf({ voice: [voice('one', { short: '1' }), voice('all', { class: className })] });
    expect(nameOf(greedy, { number: '112', class: className, territory: undefined })).toBeUndefined();
  });
});

describe('R-1, R-3: a price holds by the time at which the use starts, in Paris', () => {
  const deck = deckOf({
    voice: [
      voice('081', { prefix: '3381' }),
      voice('M001', { prefix: '33811' }, { until: '2016-12-31' }),
      voice('from July', { prefix: '33811' }, { from: '2026-07-01' }),
      voice('geographic', { class: 'geographic' }, { until: '2026-03-28' }),
      voice('geographic from the day of the clock change', { class: 'geographic' }, { from: '2026-03-29' }),
    ],
  });

  test.each([
    ['R-3, R14: the mixed tier to the last millisecond of 2016', '2016-12-31T23:59:59.999+01:00', 'M001'],
    ['R-3, R14: and not after', '2017-01-01T00:00:00+01:00', '081'],
    ['a day before the next period', '2026-06-30T23:59:59.999+02:00', '081'],
    ['the first instant of a period, in summer time', '2026-07-01T00:00:00+02:00', 'from July'],
  ])('%s', (_, at, name) => {
    expect(nameOf(deck, to('+33811012345', 'premium-special'), Date.parse(at))).toBe(name);
  });

  test('a period begins at midnight in Paris on a day of 23 hours too', () => {
    const at = (text: string) => nameOf(deck, to('+33143000000'), Date.parse(text));
    expect(at('2026-03-28T23:59:59.999+01:00')).toBe('geographic');
    expect(at('2026-03-29T00:00:00+01:00')).toBe('geographic from the day of the clock change');
  });

  test('deckAt: the latest version that has begun in Paris, and of one day the higher', () => {
    const first = deckOf({ from: '2026-01-01', version: 1 });
    const second = deckOf({ from: '2026-07-01', version: 2 });
    const corrected = deckOf({ from: '2026-07-01', version: 3 });
    const at = (text: string) => deckAt([second, corrected, first], Date.parse(text))?.version;
    expect(at('2025-12-31T23:59:59.999+01:00')).toBeUndefined();
    expect(at('2026-01-01T00:00:00+01:00')).toBe(1);
    expect(at('2026-06-30T23:59:59.999+02:00')).toBe(1);
    expect(at('2026-07-01T00:00:00+02:00')).toBe(3);
  });
});

describe('R-1, S-6, X-5: prices of a line abroad, of messages, pages and data', () => {
  const roaming = (name: string, visited: object, direction: string, selector?: PriceSelector) => ({
    ...{ name, visited, direction, perMinuteMicroEuro: 1 },
    ...(selector === undefined ? {} : { for: selector }),
  });
  const unit = (name: string, selector: PriceSelector, visited?: object) => ({
    ...{ name, for: selector, perUnitMicroEuro: 1 },
    ...(visited === undefined ? {} : { visited }),
  });
  const bytes = (name: string, visited?: object) => ({
    ...{ name, perUnitMicroEuro: 1, unitBytes: 1_000 },
    ...(visited === undefined ? {} : { visited }),
  });
  const deck = deckOf({
    roamingVoice: [
      roaming('world', { zone: 'world' }, 'outgoing'),
      roaming('eea', { zone: 'eea' }, 'outgoing'),
      roaming('eea to satellites', { zone: 'eea' }, 'outgoing', { class: 'satellite' }),
      roaming('switzerland', { territory: 'CH' }, 'outgoing', { class: 'geographic' }),
      roaming('eea received', { zone: 'eea' }, 'incoming'),
    ],
    sms: [unit('home', { class: 'mobile' }), unit('eea', { class: 'mobile' }, { zone: 'eea' })],
    fax: [
      unit('page to Germany', { class: 'international-fixed', territory: 'DE' }),
      unit('page abroad', { class: 'international-fixed' }),
    ],
    data: [bytes('home'), bytes('eea', { zone: 'eea' }), bytes('germany', { territory: 'DE' })],
  });
  const outgoing = (visited: string, destination: Destination) =>
    findRoamingVoicePrice(deck, { visited, direction: 'outgoing', destination }, NOW, isIn)?.name;

  test('a call from abroad: the country visited, then its zones in the order of the deck; there, the destination', () => {
    const paris = to('+33143000000');
    const satellite = { ...to('+881612345678', 'satellite'), territory: undefined };
    expect(outgoing('BE', paris)).toBe('eea');
    expect(outgoing('BE', satellite)).toBe('eea to satellites');
    expect(outgoing('DE', paris)).toBe('world');
    expect(outgoing('DE', satellite)).toBe('world');
    expect(outgoing('CH', paris)).toBe('switzerland');
    expect(outgoing('CH', satellite)).toBe('world');
    expect(outgoing('JP', paris)).toBeUndefined();
    expect(outgoing('BE', { number: '112', class: 'emergency', territory: undefined })).toBeUndefined();
  });

  test('a call received abroad has no destination', () => {
    const received = (visited: string) =>
      findRoamingVoicePrice(deck, { visited, direction: 'incoming' }, NOW, isIn)?.name;
    expect([received('BE'), received('US')]).toEqual(['eea received', undefined]);
  });

  test('a call made abroad never costs what one received there does, nor the other way', () => {
    const both = deckOf({
      roamingVoice: [roaming('received', { zone: 'eea' }, 'incoming'), roaming('made', { zone: 'eea' }, 'outgoing')],
    });
    const made = { visited: 'BE', direction: 'outgoing', destination: to('+33143000000') } as const;
    expect(findRoamingVoicePrice(both, made, NOW, isIn)?.name).toBe('made');
    expect(findRoamingVoicePrice(both, { visited: 'BE', direction: 'incoming' }, NOW, isIn)?.name).toBe('received');
    const reversed = deckOf({ roamingVoice: both.roamingVoice.toReversed() });
    expect(findRoamingVoicePrice(reversed, made, NOW, isIn)?.name).toBe('made');
    expect(findRoamingVoicePrice(reversed, { visited: 'BE', direction: 'incoming' }, NOW, isIn)?.name).toBe('received');
  });

  test('V-1: an emergency call from abroad has no price, not even that of anything', () => {
    const anything = deckOf({ roamingVoice: [roaming('anything', { zone: 'eea' }, 'outgoing')] });
    const call = { visited: 'BE', direction: 'outgoing' } as const;
    const emergency: Destination = { number: '112', class: 'emergency', territory: undefined };
    expect(findRoamingVoicePrice(anything, { ...call, destination: emergency }, NOW, isIn)).toBeUndefined();
  });

  test('a message from abroad never costs what it costs at home', () => {
    const sms = (visited?: string) =>
      findUnitPrice(deck, { kind: 'sms', destination: to('+33612345678', 'mobile'), visited }, NOW, isIn)?.name;
    expect([sms(), sms('BE'), sms('US')]).toEqual(['home', 'eea', undefined]);
  });

  test('V-1: nor has a message to an emergency number a price, whatever prefix it falls under', () => {
    const short = deckOf({ sms: [unit('short', { short: '1' })] });
    const sms = (className: 'emergency' | 'directory') =>
      findUnitPrice(
        short,
        { kind: 'sms', destination: { number: '114', class: className, territory: undefined }, visited: undefined },
        NOW,
        isIn,
      )?.name;
    expect([sms('emergency'), sms('directory')]).toEqual([undefined, 'short']);
  });

  test('X-5: a fax page by the country of destination', () => {
    const page = (territory: string) =>
      findUnitPrice(
        deck,
        { kind: 'fax', destination: to('+4930', 'international-fixed', territory), visited: undefined },
        NOW,
        isIn,
      )?.name;
    expect([page('DE'), page('BE')]).toEqual(['page to Germany', 'page abroad']);
  });

  test('S-6: data by the country visited', () => {
    const data = (visited?: string) => findDataPrice(deck, visited, NOW, isIn)?.name;
    expect([data(), data('BE'), data('DE'), data('US')]).toEqual(['home', 'eea', 'germany', undefined]);
  });
});

const paris = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' });

/** The rules in the words of `findVoicePrice`, over the whole list each time. */
function naive(prices: readonly VoicePrice[], { number, class: name, territory }: Destination, at: number) {
  const day = paris.format(at);
  const held = prices.filter(({ from = '0000', until = '9999' }) => from <= day && day <= until);
  const prefixed = held
    .filter(({ for: its }) => 'prefix' in its && number.startsWith(`+${its.prefix}`))
    .toSorted((a, b) => lengthOf(b) - lengthOf(a))[0];
  const classed = (fits: (its: { territory?: string | undefined; zone?: string | undefined }) => boolean) =>
    held.find(({ for: its }) => 'class' in its && its.class === name && fits(its));
  return (
    prefixed ??
    classed((its) => its.territory !== undefined && its.territory === territory) ??
    classed((its) => its.zone !== undefined && isIn(territory ?? '', its.zone)) ??
    classed((its) => its.territory === undefined && its.zone === undefined)
  );
}
const lengthOf = ({ for: its }: VoicePrice): number => ('prefix' in its ? its.prefix.length : 0);

describe('R-1, R-10: the index is only faster', () => {
  const prefix = fc.tuple(fc.constantFrom('3', '4'), fc.string({ unit: fc.constantFrom('0', '1', '3'), maxLength: 4 }));
  const selector: fc.Arbitrary<PriceSelector> = fc.oneof(
    prefix.map(([first, rest]) => ({ prefix: first + rest })),
    fc.constantFrom<PriceSelector[]>(
      { class: 'mobile' },
      { class: 'mobile', territory: 'DE' },
      { class: 'mobile', zone: 'eea' },
      { class: 'mobile', zone: 'alps' },
      { class: 'geographic' },
    ),
  );
  const day = fc.constantFrom('2026-03-28', '2026-03-29', '2026-06-30', '2026-10-25', '2026-12-31');
  const price = fc
    .tuple(selector, fc.option(day, { nil: undefined }), fc.option(day, { nil: undefined }))
    .map(([its, from, until]) =>
      voice('', its, { ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) }),
    );
  const destination = fc.tuple(
    prefix,
    fc.constantFrom('mobile', 'geographic'),
    fc.constantFrom('DE', 'IT', 'US', undefined),
  );
  const instant = fc.integer({ min: Date.parse('2026-03-27'), max: Date.parse('2027-01-02') });

  test('findVoicePrice agrees with reading the whole list in order', () => {
    fc.assert(
      fc.property(
        fc.array(price, { minLength: 1, maxLength: 25 }),
        fc.array(fc.tuple(destination, instant), { maxLength: 20 }),
        (prices, uses) => {
          const deck = deckOf({ voice: prices.map((each, at) => ({ ...each, name: `price ${at}` })) });
          for (const [[[first, rest], className, territory], at] of uses) {
            const whom = { number: `+${first}${rest}`, class: className as 'mobile', territory };
            expect(findVoicePrice(deck, whom, at, isIn)).toBe(naive(deck.voice, whom, at));
          }
        },
      ),
      { numRuns: 1_500 },
    );
  });

  test('50,000 prefixes take at most 1.5 MB beside the deck itself', () => {
    const prices = Array.from({ length: 50_000 }, (_, n) => ({
      ...voice(
        `price ${n}`,
        { prefix: String(10_000 + n * 17_999).slice(0, 4 + (n % 6)) + String(n) },
        n % 10 === 0 ? { until: '2026-12-31' } : {},
      ),
      perMinuteMicroEuro: n,
    }));
    const { e164, short, next, periods } = voiceShelf(deckOf({ voice: prices }));
    const arrays = [e164, short].flatMap((index) => [index.starts, index.values, index.buckets]);
    const sum = [...arrays, next, periods.of, periods.starts, periods.ends].reduce(
      (all, each) => all + each.byteLength,
      0,
    );
    expect(sum).toBeLessThan(1_500_000);
  });
});
