import { describe, expect, test } from 'vitest';
import type { Destination, Selector } from '../../../../agent/model/destination.ts';
import { isListed } from '../../../../agent/rating/book/selectors.ts';

const germany: Destination = { number: '+4930123456', class: 'international-fixed', territory: 'DE' };
const satellite: Destination = { number: '+881612345', class: 'satellite', territory: undefined };
const directory: Destination = { number: '118712', class: 'directory', territory: undefined };
const reading = { nationalBy: 'prefix', inZone: (territory: string | undefined) => territory !== 'US' } as const;

describe('R-1: what a plan lists', () => {
  test.each<readonly [sentence: string, selector: Selector, destination: Destination, listed: boolean]>([
    ['a prefix of the number', { prefix: '4930' }, germany, true],
    ['no other prefix', { prefix: '4931' }, germany, false],
    ['no prefix inside of the number', { prefix: '930' }, germany, false],
    ['a short number', { short: '118712' }, directory, true],
    ['no short number that only begins like it', { short: '1187' }, directory, false],
    ['a class', { class: 'satellite' }, satellite, true],
    ['no other class', { class: 'geographic' }, satellite, false],
    ['a class in its territory', { class: 'international-fixed', territory: 'DE' }, germany, true],
    ['not in another', { class: 'international-fixed', territory: 'BE' }, germany, false],
    ['another class of the territory neither', { class: 'international-mobile', territory: 'DE' }, germany, false],
    ['a class in a zone', { class: 'international-fixed', zone: 'eea' }, germany, true],
    [
      'a territory outside of it',
      { class: 'international-fixed', zone: 'eea' },
      { ...germany, territory: 'US' },
      false,
    ],
    ['a number of no country is in no zone', { class: 'satellite', zone: 'eea' }, satellite, false],
    ['U10: national numbers', { national: true }, { ...germany, number: '+33123456789' }, true],
    ['U10: and no others', { national: true }, germany, false],
  ])('%s', (_, selector, destination, listed) => {
    expect(isListed([selector], destination, reading)).toBe(listed);
    expect(isListed([{ short: '999' }, selector], destination, reading)).toBe(listed);
    expect(isListed([], destination, reading)).toBe(false);
  });
});
