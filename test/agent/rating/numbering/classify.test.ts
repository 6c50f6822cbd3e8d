import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLASSES } from '../../../../agent/model/destination.ts';
import { classify } from '../../../../agent/rating/numbering/classify.ts';
import { NOTHING, SPELLED, TRAPS, WORLD } from './rows.ts';
import { TABLE } from './table.ts';

describe('R-2: a dialled number has one class and one territory', () => {
  const check = (...[dialled = '', number, className, territory]: readonly (string | undefined)[]): void => {
    expect(classify(dialled, TABLE)).toEqual({ number, class: className, territory });
  };
  test.each(SPELLED)('however it is written: %j is %j, %s %s', check);
  test.each(TRAPS)('where a library goes wrong: %j is %j, %s %s', check);
  test.each(WORLD)('abroad: %j is %j, %s %s', check);
  test.each(NOTHING)('and what is no number is none: %j stays %j, %s', check);

  test('a prefix for an outside line is taken off before a whole number only', () => {
    const rows: readonly (readonly [string, string, string])[] = [
      ['0', '00612345678', '+33612345678'],
      ['0', '0612345678', '+33612345678'],
      ['0', '0004930123456', '+4930123456'],
      ['0', '004930123456', '+4930123456'],
      ['0', '0+4930123456', '+4930123456'],
      ['9', '93900', '3900'],
      ['9', '9*31*0612345678', '+33612345678'],
      ['9', '9*21*0612345678', '9*21*0612345678'],
      ['9', '9061234567', '9061234567'],
      ['9', '*31*90612345678', '+33612345678'],
      ['0', '007000401234567', '+337000401234567'],
    ];
    for (const [selection, dialled, number] of rows) {
      expect(classify(dialled, TABLE, [selection]).number, `${selection} ${dialled}`).toBe(number);
    }
    expect(classify('00612345678', TABLE)).toMatchObject({ number: '+612345678', territory: 'AU' });
  });

  test('its own number leads to itself again, in every table row', () => {
    const prefixes = [
      ...TABLE.french.map(([all]) => all),
      ...TABLE.world.map(([all]) => `00${all.split(' ').join(' 00')}`),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...prefixes.flatMap((all) => all.split(' '))),
        fc.stringMatching(/^\d{0,12}$/),
        (prefix, rest) => {
          const once = classify(prefix + rest, TABLE);
          expect(classify(once.number, TABLE)).toEqual(once);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  test('100,000 texts of any kind get a class, and none a crash', () => {
    const pieces = [
      '+',
      '00',
      '0',
      '33',
      '262',
      '508',
      '3651',
      '16',
      '*31*',
      '#',
      '%',
      '%2',
      '%00',
      ';phone-context=',
      '@',
      'sip:',
    ];
    const odd = [
      ' ',
      '\u0000',
      '\ud800',
      '💥',
      '٣',
      '１',
      'urn:service:sos',
      '\n',
      '(',
      '-',
      '<',
      '"',
      '999999999999999',
      '116',
    ];
    const text = fc.oneof(
      fc.array(fc.constantFrom(...pieces, ...odd, ...'0123456789'), { maxLength: 24 }).map((all) => all.join('')),
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.stringMatching(/^[+0]?\d{0,18}$/),
    );
    fc.assert(
      fc.property(text, (dialled) => {
        const { number, class: of, territory } = classify(dialled, TABLE, ['0']);
        if (!(CLASSES as readonly string[]).includes(of) || typeof number !== 'string') throw new Error(dialled);
        if (of !== 'invalid' && !/^\+?\d{2,15}$/.test(number)) throw new Error(`${dialled} became ${number}`);
        return territory === undefined || /^[A-Z]{2}$/.test(territory);
      }),
      { numRuns: 100_000 },
    );
  });
});
