import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classify, isEmergency } from '../../../../agent/rating/numbering/classify.ts';
import { TABLE } from './table.ts';

const TWELVE = ['15', '17', '18', '112', '114', '115', '119', '191', '196', '197', '116000', '116117'];
const CODES = ['33', '262', '508', '590', '594', '596'];
const ACCESS = ['', '0', '+', '00', ...CODES.flatMap((code) => [`+${code}`, `00${code}`, `+${code}(0)`, `00${code}0`])];
const IDENTITY = [
  '',
  '*31*',
  '#31#',
  '3651',
  '*31*3651',
  '%2331%23',
  '*31#',
  '#31*',
  '36 51 ',
  '%2A31%2A',
  '1655',
  '365116 12',
];
const AROUND: readonly ((number: string) => string)[] = [
  (n) => n,
  (n) => `tel:${n}`,
  (n) => `TEL:${n};phone-context=+33`,
  (n) => `${n};phone-context=+49`,
  (n) => `sip:${n}@pbx.example;user=phone`,
  (n) => `sips:${n};phone-context=pbx.example@192.0.2.1`,
  (n) => `  ${n};cic=+33123`,
];
const SPACED: readonly ((number: string) => string)[] = [
  (n) => n,
  (n) => (n.match(/%..|./g) ?? []).join(' '),
  (n) => (n.match(/%..|./g) ?? []).join('-'),
  (n) => (n.match(/%..|./g) ?? []).join('.'),
  (n) => `\u202a${n}\u202c`,
  (n) => `${n}#`,
  (n) => n.replace(/%..|\d/g, (one) => (one.length > 1 ? one : `%3${one}`)),
];

describe('V-1 (M8): the twelve emergency numbers', () => {
  test.each(TWELVE)(
    '%s is an emergency call in every dial form, behind every prefix, with every separator',
    (number) => {
      const spellings = IDENTITY.flatMap((identity) =>
        ACCESS.flatMap((access) =>
          SPACED.flatMap((spaced) => AROUND.map((around) => around(spaced(`${identity}${access}${number}`)))),
        ),
      );
      const missed = spellings.filter((dialled) => !isEmergency(dialled));
      expect(missed).toEqual([]);
      expect(spellings.length).toBeGreaterThan(8_000);
    },
  );

  test('any mixture of spellings is that number, of no territory, whatever a table says', () => {
    const hostile = {
      ...TABLE,
      french: TWELVE.map((n) => [n, 'premium-special', '', n.length] as [string, 'premium-special', '', number]),
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...TWELVE),
        fc.array(fc.constantFrom(...IDENTITY), { maxLength: 4 }),
        fc.constantFrom(...ACCESS),
        fc.constantFrom(...SPACED),
        fc.constantFrom(...AROUND),
        fc.constantFrom([], ['0'], ['9'], ['1'], ['0', '11']),
        (number, identity, access, spaced, around, selection) => {
          const dialled = around(spaced(identity.join('') + access + number));
          expect(classify(dialled, hostile, selection)).toEqual({ number, class: 'emergency', territory: undefined });
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test.each(TWELVE)('%s is one behind the digits for an outside line', (number) => {
    for (const selection of ['0', '9', '77']) {
      for (const access of ['', '0033', '+33', '*31*', '#31#0', '3651'])
        expect(isEmergency(`${selection}${access}${number}`, [selection])).toBe(true);
    }
  });

  test.each([
    ['urn:service:sos', '112'],
    ['URN:service:SOS.police', '17'],
    ['urn:service:sos.fire', '18'],
    ['urn:service:sos.ambulance', '15'],
    ['urn:service:sos.marine', '196'],
    ['urn:service:sos.mountain', '112'],
    ['urn:service:sos.ecall.automatic', '112'],
    ['urn:service:sos;x=1', '112'],
  ])('%s (RFC 5031) is %s', (dialled, number) => {
    expect(classify(dialled, TABLE)).toMatchObject({ class: 'emergency', number });
  });

  test.each([
    ...['1512', '1120', '116111', '116006', '116001', '3114', '3919', '0151234567', '0112345678', '00 12'],
    ...[
      '+49112',
      '+49 112',
      '0049 112',
      '+44 112',
      '+49 15 1234 5678',
      '+32 112',
      '+1 191',
      '+41117',
      '+115123',
      '+49 0 112',
    ],
    ...['+3365115', '+36 51 116 117', '0036 51 116117', '+33 1 15 15 15 15', '0262 15', '12', '16', '13', '1', '5', ''],
    ...[
      'urn:service:test.sos',
      'urn:service:sosa',
      'urn:service:counseling',
      '11 2a',
      '112x',
      '*112',
      '3651',
      '#31#',
      '1615',
    ],
  ])('%j is not an emergency call', (dialled) => {
    expect(isEmergency(dialled)).toBe(false);
    expect(classify(dialled, TABLE).class).not.toBe('emergency');
  });

  test('no other digits are one, and no foreign country code makes one', () => {
    const digits = fc
      .array(fc.constantFrom(...'0123456789'), { minLength: 1, maxLength: 8 })
      .map((all) => all.join(''));
    const free = /^(?:[1-9])/;
    const taken = /^(?:33|262|508|590|594|596|3651|16)/;
    fc.assert(
      fc.property(digits, fc.constantFrom('', '0', '00', '+', '+33', '0033', '+590'), (core, access) => {
        fc.pre(free.test(core) && !taken.test(core));
        expect(isEmergency(access + core)).toBe(TWELVE.includes(core));
      }),
      { numRuns: 20_000 },
    );
    for (const code of ['32', '34', '39', '41', '44', '49', '352', '377', '212', '213', '687']) {
      for (const number of TWELVE) expect(isEmergency(`+${code}${number}`), `+${code}${number}`).toBe(false);
    }
  });

  test('a long text hides none, and is nothing else', () => {
    expect(isEmergency(`112;${'x'.repeat(1_000_000)}`)).toBe(true);
    expect(classify(`0612345678${' '.repeat(600)}`, TABLE).class).toBe('invalid');
    expect(classify('3651'.repeat(250_000), TABLE).class).toBe('invalid');
  });
});
