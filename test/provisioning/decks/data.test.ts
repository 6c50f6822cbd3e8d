import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Deck, DeckSchema } from '../../../agent/model/deck.ts';
import { CLASSES, type Class, type Destination } from '../../../agent/model/destination.ts';
import {
  findDataPrice,
  findRoamingVoicePrice,
  findUnitPrice,
  findVoicePrice,
} from '../../../agent/rating/deck/find-price.ts';
import { classify, inZone } from '../../../agent/rating/numbering/classify.ts';
import { importDeck } from '../../../provisioning/pricing/import-deck.ts';
import { numbering } from '../example.ts';

const folder = (name: string): URL => new URL(`../../../provisioning/${name}/`, import.meta.url);
const read = (name: string): Uint8Array => readFileSync(new URL(name, folder('decks')));
const decks = readdirSync(folder('decks')).filter((name) => name.endsWith('.csv'));
const NOW = Date.parse('2026-11-22T12:00:00+01:00');
const isIn = (territory: string, zone: string): boolean =>
  zone === 'world' || (zone === 'eea' && ['DE', 'SK'].includes(territory));

describe.each(decks)('P-4: the price list in %s', (file) => {
  const name = file.replace('.csv', '');
  const imported = importDeck({ file, bytes: read(file) }, { file: 'plans', bytes: read(`${name}.plans.json`) });

  test('is imported without a word, and is the JSON beside it', () => {
    expect(imported.findings).toEqual([]);
    expect(imported.deck).toEqual(DeckSchema.parse(JSON.parse(new TextDecoder().decode(read(`${name}.json`)))));
    const again = importDeck({ file: `${name}.json`, bytes: read(`${name}.json`) });
    expect(again).toEqual({ deck: imported.deck, findings: [] });
  });

  test('is named as its file and says that it is an example', () => {
    expect(imported.deck?.id).toBe(name);
    expect(imported.deck?.label).toMatch(/EXAMPLE/);
  });
});

describe('the example price list and the numbering table together', () => {
  const deck: Deck = DeckSchema.parse(JSON.parse(new TextDecoder().decode(read('example-2026.json'))));
  const priced = (dialled: string) => {
    const inside = (territory: string, zone: string): boolean => inZone(territory, zone, numbering);
    return findVoicePrice(deck, classify(dialled, numbering), NOW, inside);
  };
  const numbers = [
    ...['0143000000', '0972000000', '0612345678', '07001234567890', '0262123456', '0692123456', '0976012345'],
    ...['0800123456', '0806123456', '0811123456', '0899123456', '118218', '1023', '3000', '3919', '3900', '116006'],
    ...['+4930123456', '+491512345678', '+12125550100', '+21620123456', '+687123456', '+881612345678', '+80012345678'],
  ];
  test.each(numbers)('R-1, R-2: %s has a price, or is barred on purpose', (dialled) => {
    expect(priced(dialled)).toBeDefined();
  });

  test('R-2: what no plan has a block for has no price', () => {
    for (const dialled of ['0701234567', '0836123456', '+999123456789'])
      expect(priced(dialled), dialled).toBeUndefined();
  });

  test('R-2: a mobile abroad never costs less than a fixed line of its country', () => {
    const costs = (dialled: string): number => priced(dialled)?.perMinuteMicroEuro ?? 0;
    expect(costs('+491512345678')).toBeGreaterThan(costs('+4930123456'));
    expect(costs('+447700900000')).toBeGreaterThan(costs('+442079460000'));
    expect(costs('+18761234567')).toBeGreaterThan(costs('+12125550100'));
  });
});

describe('the example price list of 2026', () => {
  const deck: Deck = DeckSchema.parse(JSON.parse(new TextDecoder().decode(read('example-2026.json'))));
  const to = (number: string, name: Class, territory?: string): Destination => ({ number, class: name, territory });
  const price = (destination: Destination, at = NOW) => findVoicePrice(deck, destination, at, isIn);

  test('R-2: every class has a price at some number, but what no price list may have', () => {
    const priced = new Set(deck.voice.flatMap(({ for: its }) => ('class' in its ? [its.class] : [])));
    const byPrefix = ['premium-special', 'emergency', 'invalid'];
    expect(CLASSES.filter((each) => !priced.has(each)).sort()).toEqual(byPrefix.toSorted());
    expect(price(to('+33892123456', 'premium-special'))?.perMinuteMicroEuro).toBe(660_000);
  });

  test('R-1: the bundle of 2 hours holds what is in the bundle today', () => {
    expect(deck.plans.find(({ id }) => id === 'bundle-2h')?.voice).toEqual({
      ...{ is: 'bundle', seconds: 7_200, shared: 'account' },
      includes: [{ class: 'geographic' }, { class: 'nomadic-09' }, { class: 'mobile' }],
    });
  });

  test('R-3, R14: the mixed tiers are there until the end of 2016', () => {
    const before = Date.parse('2016-12-31T23:59:59+01:00');
    expect(price(to('+33811012345', 'premium-special'), before)).toMatchObject({
      tier: 'M001',
      perCallMicroEuro: 80_000,
      perMinuteMicroEuro: 20_000,
      tax: 'TTC',
    });
    expect(price(to('+33820012345', 'premium-special'), before)).toMatchObject({
      tier: 'M002',
      perCallMicroEuro: 120_000,
      perMinuteMicroEuro: 40_000,
      tax: 'TTC',
    });
    expect(price(to('+33811012345', 'premium-special'), before + 1_000)?.tier).toBe('A-081');
  });

  test('X-5, S-4: fax pages by country, SMS and MMS, calls and data at home and abroad all have a price', () => {
    const page = (territory: string) =>
      findUnitPrice(
        deck,
        { kind: 'fax', destination: to('+49301', 'international-fixed', territory), visited: undefined },
        NOW,
        isIn,
      )?.perUnitMicroEuro;
    expect([page('DE'), page('SK'), page('JP')]).toEqual([90_000, 120_000, 1_200_000]);
    for (const kind of ['sms', 'mms'] as const) {
      for (const visited of [undefined, 'SK', 'US']) {
        expect(
          findUnitPrice(deck, { kind, destination: to('+33612345678', 'mobile'), visited }, NOW, isIn),
          `${kind} ${visited}`,
        ).toBeDefined();
      }
    }
    for (const visited of ['SK', 'CH', 'US']) {
      expect(findDataPrice(deck, visited, NOW, isIn)).toBeDefined();
      expect(findRoamingVoicePrice(deck, { visited, direction: 'incoming' }, NOW, isIn)).toBeDefined();
    }
    expect(findDataPrice(deck, undefined, NOW, isIn)?.unitBytes).toBe(1_000_000);
  });

  test('R-1: has a plan of every kind', () => {
    const kinds = new Set(deck.plans.map(({ service, voice }) => `${service} ${voice.is}`));
    for (const kind of [
      'fixed metered',
      'fixed bundle',
      'fixed unlimited',
      'mobile unlimited',
      'fax metered',
      'internet metered',
    ]) {
      expect(kinds).toContain(kind);
    }
    expect(deck.plans.some(({ fleetFree }) => fleetFree)).toBe(true);
    expect(deck.plans.some(({ data }) => data?.fairUseBytes !== undefined)).toBe(true);
  });
});
