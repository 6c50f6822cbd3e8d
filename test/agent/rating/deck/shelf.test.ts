import { describe, expect, test } from 'vitest';
import type { Destination, PriceSelector } from '../../../../agent/model/destination.ts';
import { anyPrice, createShelf, lookUp } from '../../../../agent/rating/deck/shelf.ts';
import { to } from './sample-deck.ts';

const NOW = Date.parse('2026-11-22T12:00:00+01:00');
type Priced = { name: string; for?: PriceSelector; from?: string; until?: string };
const everywhere = () => true;
const find = (prices: readonly Priced[], destination: Destination, at = NOW, isIn = everywhere) =>
  lookUp(createShelf(prices), destination, at, isIn)?.name;

describe('R-1, R-2: a shelf of prices', () => {
  test('R-2: the prefixes of short numbers are apart from those of long ones', () => {
    const prices = [
      { name: 'short 3', for: { short: '3' } },
      { name: 'short 39', for: { short: '39' } },
      { name: 'Italy', for: { prefix: '39' } },
    ];
    const of = (number: string) => find(prices, to(number, 'premium-special'));
    expect(['3900', '3200', '+3906', '1234'].map(of)).toEqual(['short 39', 'short 3', 'Italy', undefined]);
  });

  test('R-1: of three periods of one prefix each holds in its own, and outside of them the shorter prefix', () => {
    const prices = [
      { name: 'around', for: { prefix: '3381' } },
      { name: 'first', for: { prefix: '33811' }, until: '2026-01-31' },
      { name: 'second', for: { prefix: '33811' }, from: '2026-03-01', until: '2026-03-31' },
      { name: 'third', for: { prefix: '33811' }, from: '2026-05-01', until: '2026-05-31' },
      { name: 'beside', for: { prefix: '3382' } },
      { name: 'inside', for: { prefix: '338112' }, from: '2026-04-01', until: '2026-04-30' },
    ];
    const on = (day: string, number = '+33811200000') => find(prices, to(number), Date.parse(`${day}T12:00:00Z`));
    expect(['2026-01-15', '2026-02-15', '2026-03-15', '2026-05-15', '2026-06-15'].map((day) => on(day))).toEqual([
      ...['first', 'around', 'second', 'third', 'around'],
    ]);
    expect(on('2026-04-15')).toBe('inside');
    expect(on('2026-04-15', '+33820000000')).toBe('beside');
    expect(on('2026-04-15', '+33900000000')).toBeUndefined();
  });

  test('R-2: a number without a territory is in no zone, whatever the zones say', () => {
    const prices: Priced[] = [
      { name: 'zone', for: { class: 'satellite', zone: 'world' } },
      { name: 'class', for: { class: 'satellite' } },
    ];
    const satellite = { ...to('+881612345678', 'satellite'), territory: undefined };
    expect(find(prices, satellite)).toBe('class');
    expect(find(prices, { ...satellite, territory: 'US' })).toBe('zone');
    expect(find(prices.slice(1), { ...satellite, territory: 'US' })).toBe('class');
    expect(find(prices, to('+33143000000'))).toBeUndefined();
  });

  test('R-1: of two prices for anything the first in the list holds, and none holds before its day', () => {
    const shelf = createShelf([
      { name: 'later', from: '2027-01-01' },
      { name: 'one' },
      { name: 'two' },
      { name: 'Italy', for: { prefix: '39' } },
    ]);
    expect(anyPrice(shelf, NOW)?.name).toBe('one');
    expect(anyPrice(shelf, Date.parse('2027-01-01T00:00:00+01:00'))?.name).toBe('later');
    expect(anyPrice(createShelf([{ name: 'Italy', for: { prefix: '39' } }]), NOW)).toBeUndefined();
  });
});
