import type { Deck } from '../../model/deck.ts';
import { startOfDay } from '../calendar/paris.ts';

/**
 * the version of a price list that is in force at an instant (Unix ms): the one with the latest first day that has
 * come in Paris, and of two with the same day the higher version. Undefined before the first.
 */
export function deckAt(decks: readonly Deck[], at: number): Deck | undefined {
  let found: Deck | undefined;
  for (const deck of decks) {
    if (startOf(deck) > at) continue;
    if (found === undefined || isLater(deck, found)) found = deck;
  }
  return found;
}

function isLater(deck: Deck, than: Deck): boolean {
  const difference = startOf(deck) - startOf(than);
  return difference > 0 || (difference === 0 && deck.version > than.version);
}

// Only remembered, never state: a deck does not change once it is read.
const starts = new WeakMap<Deck, number>();

function startOf(deck: Deck): number {
  const known = starts.get(deck);
  if (known !== undefined) return known;
  const start = startOfDay(deck.from);
  starts.set(deck, start);
  return start;
}
