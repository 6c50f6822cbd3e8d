import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classify, inZone } from '../../../../agent/rating/numbering/classify.ts';
import { isNational, readSpelling } from '../../../../agent/rating/numbering/national.ts';
import { TABLE } from './table.ts';

describe('U10: what "01, 02, 03, 04, 05, 09, 06, 07" includes', () => {
  const rows: readonly (readonly [dialled: string, byPrefix: boolean, byTerritory: boolean])[] = [
    ['0123456789', true, true],
    ['0612345678', true, true],
    ['0712345678', false, false],
    ['0756345678', true, true],
    ['0956345678', true, true],
    ['0939000123', true, true],
    ['07000401234567', true, true],
    ['0262123456', true, false],
    ['0590123456', true, false],
    ['0690123456', true, false],
    ['0508410000', true, false],
    ['0976001234', true, false],
    ['0700501123456', true, false],
    ['0800123456', false, false],
    ['0806123456', false, false],
    ['0899123456', false, false],
    ['3900', false, false],
    ['112', false, false],
    ['118218', false, false],
    ['+687412345', false, false],
    ['+3226123456', false, false],
    ['+881612345678', false, false],
  ];
  test.each(rows)('%s: by prefix %s, by territory %s', (dialled, byPrefix, byTerritory) => {
    const destination = classify(dialled, TABLE);
    expect([isNational(destination, 'prefix'), isNational(destination, 'territory')]).toEqual([byPrefix, byTerritory]);
  });

  test('R-2: where there is no table the spelling tells the same of every number that a table gives out', () => {
    const prefixes = [...TABLE.french, ...TABLE.world].flatMap(([words, , , fewest]) =>
      words.split(' ').map((prefix) => ({ prefix, digits: fewest })),
    );
    const french = new Set(TABLE.french.flatMap(([words]) => words.split(' ')));
    fc.assert(
      fc.property(fc.constantFrom(...prefixes), fc.stringMatching(/^\d{15}$/), ({ prefix, digits }, more) => {
        const dialled = `${french.has(prefix) ? '' : '+'}${(prefix + more).slice(0, digits)}`;
        const destination = classify(dialled, TABLE);
        if (destination.class === 'invalid' || destination.class === 'mobile-special-service') return;
        for (const by of ['prefix', 'territory'] as const) {
          const spelled = readSpelling(destination.number);
          expect(spelled !== undefined && isNational(spelled, by), dialled).toBe(isNational(destination, by));
        }
      }),
      { numRuns: 10_000 },
    );
  });

  test('a special-service mobile is not included, a number of the account itself counts by how it begins', () => {
    const mobile = classify('0612345678', TABLE);
    expect(isNational({ ...mobile, class: 'mobile-special-service' }, 'prefix')).toBe(false);
    expect(isNational({ ...mobile, class: 'own-fleet' }, 'territory')).toBe(true);
    expect(isNational({ ...classify('0690123456', TABLE), class: 'own-fleet' }, 'prefix')).toBe(true);
    expect(isNational({ number: '+33123456789', class: 'on-net', territory: undefined }, 'territory')).toBe(true);
  });
});

describe('S-4, R-2: zones are data of the table', () => {
  test('the EEA is the Union, Iceland, Liechtenstein, Norway, and the French departments overseas', () => {
    const union = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');
    const expected = [...union, 'IS', 'LI', 'NO', 'GP', 'MQ', 'GF', 'RE', 'YT'];
    expect([...(TABLE.zones.eea ?? [])].sort()).toEqual(expected.sort());
    expect(expected.every((territory) => inZone(territory, 'eea', TABLE))).toBe(true);
    expect(['CH', 'GB', 'MC', 'PM', 'NC', 'SJ', 'TR', 'SM'].some((territory) => inZone(territory, 'eea', TABLE))).toBe(
      false,
    );
  });

  test('a number of no country is in no zone, and a zone that no table names is empty', () => {
    expect(inZone(undefined, 'eea', TABLE)).toBe(false);
    expect(['moon', 'constructor', '__proto__'].some((zone) => inZone('FR', zone, TABLE))).toBe(false);
  });

  test('every territory of a zone has numbers', () => {
    const known = new Set([...TABLE.french, ...TABLE.world].map(([, , territory]) => territory));
    expect(
      Object.values(TABLE.zones)
        .flat()
        .filter((territory) => !known.has(territory)),
    ).toEqual([]);
  });
});
