import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Deck, DeckSchema } from '../../../agent/model/deck.ts';
import { CLASSES, type Class, type Destination } from '../../../agent/model/destination.ts';
import { TariffDeckSchema } from '../../../agent/model/tariff.ts';
import {
  findDataPrice,
  findRoamingVoicePrice,
  findUnitPrice,
  findVoicePrice,
} from '../../../agent/rating/deck/find-price.ts';
import { importDeck } from '../../../provisioning/pricing/import-deck.ts';

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

  test('R-1: has every price of the list before it', () => {
    const url = new URL('example-2026.json', folder('tariffs'));
    const old = TariffDeckSchema.parse(JSON.parse(readFileSync(url, 'utf8')));
    for (const entry of old.entries) {
      if (entry.class === 'invalid') continue;
      const number = entry.kind === 'short' ? entry.prefix : `+${entry.prefix}`;
      const found = price(todaysDestination(number, entry.class));
      expect(found, entry.name).toMatchObject({
        perMinuteMicroEuro: entry.perMinuteMicroEuro,
        perCallMicroEuro: entry.perCallMicroEuro,
      });
    }
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

/** What the numbering table will say of a number that the old list had a class of its own for. */
function todaysDestination(number: string, old: string): Destination {
  const overseas = /^\+(?:(262)(26[23]|69[23])|262(?:269|639|7|9)|590|594|596|508)/.exec(number);
  if (old === 'overseas' && overseas !== null) {
    const kind = /^\+(?:...)9|^\+5909/.test(number) ? '09' : /^\+...[67]|^\+50855/.test(number) ? 'mobile' : 'fixed';
    const territory = { '+590': 'GP', '+594': 'GF', '+596': 'MQ', '+508': 'PM', '+262': 'RE' }[number.slice(0, 4)];
    const inMayotte = number.startsWith('+262269') || number.startsWith('+262639');
    return { number, class: `overseas-${kind}`, territory: inMayotte ? 'YT' : territory };
  }
  if (number.startsWith('118')) return { number, class: 'directory', territory: undefined };
  if (/^\+33(?:937|938|939)/.test(number)) return { number, class: 'platform-09', territory: 'FR' };
  if (number.startsWith('+33700')) return { number, class: 'm2m', territory: 'FR' };
  const known = CLASSES.find((each) => each === old);
  return { number, class: known ?? 'international-fixed', territory: undefined };
}
