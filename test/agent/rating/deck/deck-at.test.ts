import { describe, expect, test } from 'vitest';
import { deckAt } from '../../../../agent/rating/deck/deck-at.ts';
import { deckOf } from './sample-deck.ts';

const january = deckOf({ from: '2026-01-01', version: 9 });
const july = deckOf({ from: '2026-07-01', version: 2 });
const corrected = deckOf({ from: '2026-07-01', version: 3 });
const orders = (decks: readonly (typeof july)[]) => [decks, decks.toReversed()];

describe('R-1: the version of a price list in force, in whatever order the versions are given', () => {
  const at = Date.parse('2026-08-01T00:00:00+02:00');

  test.each(orders([january, july]))('a later day goes before a higher version', (...decks) =>
    expect(deckAt(decks, at)).toBe(july),
  );

  test.each(orders([july, corrected]))('of one day the higher version', (...decks) =>
    expect(deckAt(decks, at)).toBe(corrected),
  );

  test.each(orders([january, corrected, july]))('of three the last day, then the higher version', (...decks) =>
    expect(deckAt(decks, at)).toBe(corrected),
  );
});
