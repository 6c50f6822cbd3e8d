import { describe, expect, test } from 'vitest';
import { type Numbering, NumberingSchema } from '../../../../agent/model/numbering.ts';
import { classify, inZone, isEmergency, zonesOf } from '../../../../agent/rating/numbering/classify.ts';
import { readDialled } from '../../../../agent/rating/numbering/dialled.ts';
import { isNational } from '../../../../agent/rating/numbering/national.ts';

const TABLE: Numbering = NumberingSchema.parse({
  schema: 'relais/numbering/1',
  id: 'small',
  from: '2020-01-01',
  label: 'small',
  french: [
    ['01', 'geographic', 'FR', 10],
    ['0508', 'overseas-fixed', 'PM', 10],
    ['0262', 'overseas-fixed', 'RE', 10],
    ['39', 'premium-special', '', 4],
  ],
  codes: { FR: '33', RE: '262', PM: '508' },
  world: [['49', 'international-fixed', 'DE', 6, 15]],
  zones: { eea: ['DE', 'FR'] },
});
const of = (dialled: string) => classify(dialled, TABLE);

describe('R-2: classes of a small table', () => {
  test('zones are those of the table, and the world that every territory is in', () => {
    expect(zonesOf(TABLE)).toEqual(['eea', 'world']);
    const zones = ['eea', 'world', 'none'];
    expect(zones.map((zone) => inZone('DE', zone, TABLE))).toEqual([true, true, false]);
    expect(zones.map((zone) => inZone('US', zone, TABLE))).toEqual([false, true, false]);
    expect(zones.map((zone) => inZone(undefined, zone, TABLE))).toEqual([false, false, false]);
  });

  test('a number has as many digits as its row says, no less and no more', () => {
    const german = (digits: number) => of(`+49${'3'.repeat(digits - 2)}`).class;
    expect([5, 6, 15, 16].map(german)).toEqual(['invalid', 'international-fixed', 'international-fixed', 'invalid']);
    expect(of('+44123456789')).toEqual({ number: '+44123456789', class: 'invalid', territory: undefined });
    expect(of('0199999999').number).toBe('+33199999999');
    expect(of('019999999').class).toBe('invalid');
    expect(of('0999999999').class).toBe('invalid');
    expect(of('39001')).toEqual({ number: '39001', class: 'invalid', territory: undefined });
  });

  test('0508 41 00 00 is +508 41 00 00, also as it is dialed from abroad, and Réunion keeps its own prefix', () => {
    const saintPierre = { number: '+508410000', class: 'overseas-fixed', territory: 'PM' };
    expect(['0508410000', '+508410000', '00508410000', '+508508410000'].map((dialled) => of(dialled))).toEqual([
      ...[saintPierre, saintPierre, saintPierre, saintPierre],
    ]);
    expect(of('+262262123456')).toEqual({ number: '+262262123456', class: 'overseas-fixed', territory: 'RE' });
    expect(of('+262123456').class).toBe('invalid');
  });

  test('U10: what counts as national', () => {
    const national = (
      number: string,
      territory: string | undefined,
      className: 'mobile' | 'invalid' | 'mobile-special-service' = 'mobile',
    ) => (['prefix', 'territory'] as const).map((by) => isNational({ number, class: className, territory }, by));
    expect(national('+33612345678', 'FR')).toEqual([true, true]);
    expect(national('+33612345678', 'FR', 'invalid')).toEqual([false, false]);
    expect(national('+33612345678', 'FR', 'mobile-special-service')).toEqual([false, false]);
    const overseas = { GP: '590', MQ: '596', GF: '594', RE: '262', YT: '262', PM: '508' };
    for (const [territory, code] of Object.entries(overseas))
      expect(national(`+${code}690123456`, territory), territory).toEqual([true, false]);
    expect(national('+590690123456', undefined)).toEqual([false, false]);
    expect(national('+49590690123456', 'GP')).toEqual([false, false]);
    expect(national('x+33612345678', 'FR')).toEqual([false, false]);
    expect(national('x+590690123456', 'GP')).toEqual([false, false]);
    expect(national('+33812345678', 'FR')).toEqual([false, false]);
  });
});

describe('V-1, R-2: how a dialed text is read', () => {
  test.each([
    ['123456', { is: 'short', digits: '123456' }],
    ['1234567', { is: 'unreadable', text: '1234567' }],
    ['12a', { is: 'unreadable', text: '12a' }],
    ['a12', { is: 'unreadable', text: 'a12' }],
    ['0a1', { is: 'unreadable', text: '0a1' }],
    ['01a', { is: 'unreadable', text: '01a' }],
    ['+123456789012345', { is: 'international', digits: '123456789012345' }],
    ['+1234567890123456', { is: 'unreadable', text: '+1234567890123456' }],
    ['+12a', { is: 'unreadable', text: '+12a' }],
    ['+330', { is: 'unreadable', text: '+330' }],
    ['+33', { is: 'unreadable', text: '+33' }],
    ['+3301a', { is: 'unreadable', text: '+3301a' }],
    ['+33 3900', { is: 'short', digits: '3900' }],
    ['0 118 712', { is: 'short', digits: '118712' }],
    ['0612345678##', { is: 'national', digits: '0612345678', text: '0612345678' }],
    ['0612345678#', { is: 'national', digits: '0612345678', text: '0612345678' }],
    ['6-7;phone-context = "+33 1', { is: 'short', digits: '67' }],
    ['67;phone-context=+49', { is: 'unreadable', text: '67' }],
    ['67; phone-context = "+4933', { is: 'unreadable', text: '67' }],
    ['67;phone-context=+49-33', { is: 'unreadable', text: '67' }],
    ['67;phone-context=pbx', { is: 'short', digits: '67' }],
    ['xtel:67', { is: 'unreadable', text: 'xtel:67' }],
    [' tel:67', { is: 'short', digits: '67' }],
    ['x urn:service:sos', { is: 'unreadable', text: 'xurn:service:sos' }],
    ['xurn:service:sos', { is: 'unreadable', text: 'xurn:service:sos' }],
    [' urn:service:sos', { is: 'emergency', number: '112' }],
    ['67@a\nb', { is: 'short', digits: '67' }],
    ['67;a\nb', { is: 'short', digits: '67' }],
  ])('%j is %j', (dialled, read) => expect(readDialled(dialled)).toEqual(read));

  test('the bound of 512 characters: a text as long as it is read, a longer one is nothing but emergency', () => {
    const long = (length: number) => `67;${'x'.repeat(length - 3)}`;
    expect(readDialled(long(512))).toEqual({ is: 'short', digits: '67' });
    expect(readDialled(long(513))).toEqual({ is: 'unreadable', text: '67' });
    expect(readDialled(`112;${'x'.repeat(600)}`)).toEqual({ is: 'emergency', number: '112' });
    expect(readDialled(`${' '.repeat(512)}112`)).toEqual({ is: 'unreadable', text: '' });
  });

  test('a prefix of the site is taken off only before a whole number, and an empty one never', () => {
    const read = (dialled: string, ...selection: readonly string[]) => readDialled(dialled, selection);
    const numbers = [
      '0612345678',
      '0700123456789',
      '07001234567890',
      '004930',
      '+49',
      '12',
      '123',
      '1023',
      '116000',
      '118712',
      '3900',
      '16120612345678',
    ];
    for (const number of numbers) expect(read(`8${number}`, '8'), number).toEqual(read(number));
    for (const none of [
      '12a',
      '1a',
      '1a3',
      '11a',
      '10a3',
      '102a',
      '11a000',
      '11600a',
      '390a',
      '06123456',
      '161a0612345678',
      '16a10612345678',
      '04',
      '123456789',
    ]) {
      expect(read(`8${none}`, '8'), none).toEqual(read(`8${none}`));
    }
    expect(read('0612345678', '')).toEqual(read('0612345678'));
    expect(read('0612345678', '9')).toEqual(read('0612345678'));
    expect(read('80612345678', '', '8')).toEqual(read('0612345678'));
    expect(isEmergency('8*31*112', ['8'])).toBe(true);
    expect(isEmergency('9*31*112', ['8'])).toBe(false);
  });

  test.each(['1a', '1a5', '11a', '10a1', '101a'])(
    'a French number is no short one because it begins like it: +33 %s',
    (text) => {
      expect(readDialled(`+33${text}`)).toEqual({ is: 'unreadable', text: `+33${text}` });
    },
  );
});
