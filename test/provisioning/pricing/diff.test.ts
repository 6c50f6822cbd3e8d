import { describe, expect, test } from 'vitest';
import { type Deck, DeckSchema } from '../../../agent/model/deck.ts';
import { writeEuro } from '../../../provisioning/euro.ts';
import { diffDecks } from '../../../provisioning/pricing/diff.ts';
import { diffWords } from '../../../provisioning/pricing/diff-words.ts';
import { wholeDeck } from './sample.ts';

const france = { name: 'France', for: { class: 'geographic' }, perMinuteMicroEuro: 15_000 };
const mobile = { name: 'Mobile', for: { class: 'mobile' }, perMinuteMicroEuro: 60_000, until: '2026-12-31' };
const deck = (change: object = {}): Deck => DeckSchema.parse(wholeDeck({ voice: [france, mobile], ...change }));

describe('P-4: what changes from one price list to the next', () => {
  test('nothing between a list and itself, whatever the order of its prices', () => {
    expect(diffDecks(deck(), deck())).toEqual([]);
    expect(diffDecks(deck(), deck({ voice: [mobile, france] }))).toEqual([]);
    expect(diffWords([])).toEqual(['no difference']);
  });

  test('prices that are dearer, cheaper, new and gone, plans and the fields of the whole', () => {
    const roaming = { name: 'Out', visited: { zone: 'eea' }, direction: 'outgoing', perMinuteMicroEuro: 19_000 };
    const plan = deck().plans[0];
    const after = deck({
      version: 2,
      voice: [
        { ...france, perMinuteMicroEuro: 16_000, minimumMicroEuro: 1 },
        { ...mobile, from: '2027-01-01', until: undefined },
      ],
      roamingVoice: [roaming],
      plans: [{ ...plan, monthlyMicroEuro: 900_000 }],
    });
    const changes = diffDecks(deck(), after);
    expect(changes.map(({ is, list, what }) => [is, list, what])).toEqual([
      ['changed', 'deck', 'sample'],
      ['removed', 'voice', 'class mobile'],
      ['changed', 'voice', 'class geographic'],
      ['added', 'voice', 'class mobile, from 2027-01-01'],
      ['added', 'roamingVoice', 'outgoing any number from zone eea'],
      ['changed', 'plans', 'metered'],
    ]);
    expect(changes[2]?.fields).toEqual([
      { field: 'perMinuteMicroEuro', before: 15_000, after: 16_000, dearer: true },
      { field: 'minimumMicroEuro', before: 0, after: 1, dearer: true },
    ]);
    expect(changes[5]?.fields).toEqual([
      { field: 'monthlyMicroEuro', before: 1_000_000, after: 900_000, dearer: false },
    ]);
    expect(JSON.parse(JSON.stringify(changes))).toEqual(changes);
    const words = diffWords(changes);
    expect(words).toContain('~ voice: class geographic (France)');
    expect(words).toContain('    per minute: 0.015 € → 0.016 €, dearer');
    expect(words).toContain('    monthly: 1.00 € → 0.90 €, cheaper');
    expect(words).toContain('- voice: class mobile (Mobile)');
    expect(words).toContain('    version: 1 → 2');
  });

  test('a last day that comes, moves and goes', () => {
    const until = (day: string | undefined) => deck({ voice: [{ ...france, until: day }] });
    const words = (a: Deck, b: Deck) => diffWords(diffDecks(a, b)).slice(1);
    expect(words(until(undefined), until('2026-12-31'))).toEqual(['    until: 2026-12-31']);
    expect(words(until('2026-12-30'), until('2026-12-31'))).toEqual(['    until: 2026-12-30 → 2026-12-31']);
    expect(words(until('2026-12-31'), until(undefined))).toEqual(['    until: 2026-12-31 no more']);
  });

  test.each([
    [0, '0.00'],
    [15_000, '0.015'],
    [150_000_000, '150.00'],
    [1, '0.000001'],
    [-1_230_000, '-1.23'],
    [Number.MAX_SAFE_INTEGER, '9007199254.740991'],
  ])('R-10: %i micro-euro are written %s', (amount, text) => expect(writeEuro(amount)).toBe(text));
});
