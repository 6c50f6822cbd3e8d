import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hours, millis, minutes } from '../../../agent/model/units.ts';
import { readPdu } from '../../../agent/sms/read-pdu.ts';
import { segmentsOf } from '../../../agent/sms/segments.ts';
import { packSeptets, unpackSeptets } from '../../../agent/sms/septets.ts';
import { readServiceTime, writeServiceTime } from '../../../agent/sms/service-time.ts';
import { submissionPdus, validityOctet } from '../../../agent/sms/submit.ts';

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const TO = { is: 'number', digits: '+33612345678' } as const;
const submit = (text: string, reference = 7) => submissionPdus({ to: TO, text, reference, wantsReport: false });
const textsOf = (pdus: readonly string[]) =>
  pdus.map((pdu) => {
    const read = readPdu(pdu);
    return read?.is === 'submit' ? read.user : undefined;
  });

describe('S-11: messages as TS 23.040 writes them', () => {
  it('SUBMIT of hello, as every description of PDU mode shows it', () => {
    expect(
      submissionPdus({
        to: { is: 'number', digits: '+46708251358' },
        text: 'hellohello',
        reference: 0,
        wantsReport: false,
        validity: hours(96),
      }),
    ).toEqual([
      '0011000B916407281553F80000AA0AE8329BFD4697D9EC37'.replace(
        '0000AA',
        `0000${validityOctet(hours(96)).toString(16).toUpperCase()}`,
      ),
    ]);
  });

  it('DELIVER with a text in 7 bits and a zone', () => {
    // The example of the PDU descriptions: from +27838890001, 99-03-29 15:16:59 +2.
    expect(readPdu('07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37')).toMatchObject({
      is: 'deliver',
      user: { coding: 'gsm7', text: 'hellohello', part: undefined },
    });
    expect(readPdu('0791336000000000040B913316325476F8000062112280315240054FEA10')).toMatchObject({
      from: { is: 'number', digits: '+33612345678' },
      sent: { zoneMinutes: 60 },
    });
  });

  it('DELIVER from a name, in UCS-2', () => {
    // Sender "Orange" in 7 bits: 6 characters are 11 semi-octets.
    const pdu = '00040BD04F79D87D2E03000862112280315240080053004D00530021';
    expect(readPdu(pdu)).toMatchObject({
      from: { is: 'name', name: 'Orange' },
      user: { coding: 'ucs2', text: 'SMS!' },
    });
  });

  it('STATUS-REPORT with each fate', () => {
    const report = (status: string) => readPdu(`0006470B913316325476F8621122803152406211228031624${'0'}${status}`);
    expect(report('00')).toMatchObject({
      is: 'report',
      reference: 0x47,
      to: { digits: '+33612345678' },
      fate: 'delivered',
    });
    expect(report('30')).toMatchObject({ fate: 'trying' });
    expect(report('46')).toMatchObject({ fate: 'failed' });
    expect(report('FF')).toMatchObject({ fate: 'failed' });
  });

  it('a text that is read again is the text that was sent, of either alphabet and any length', () => {
    const gsm = fc.string({
      unit: fc.constantFrom(...'abc €[]{}^~\\|@£éàΔ_0123456789\n'),
      minLength: 1,
      maxLength: 700,
    });
    const any = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(fc.oneof(gsm, any), fc.integer({ min: 0, max: 0xffff }), (text, reference) => {
        const users = textsOf(submit(text, reference));
        expect(users.map((user) => user?.text).join('')).toBe(text);
        if (users.length > 1)
          expect(users.map((user) => user?.part)).toEqual(
            users.map((_, at) => ({ reference, wide: reference > 255, total: users.length, number: at + 1 })),
          );
      }),
      { numRuns: 10_000 },
    );
  });

  it('each part fits into 140 octets and tears nothing apart', () => {
    const unit = fc.constantFrom('a', '€', '{', '😀', 'ж');
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 500 }), (text) => {
        for (const pdu of submit(text)) expect(pdu.length / 2 - 14).toBeLessThanOrEqual(140);
        for (const segment of segmentsOf(text).texts) expect(segment).not.toMatch(LONE_SURROGATE);
      }),
      { numRuns: 1_000 },
    );
  });

  const counts: readonly [string, string, number][] = [
    ['160 letters', 'a'.repeat(160), 1],
    ['161 letters', 'a'.repeat(161), 2],
    ['306 letters', 'a'.repeat(306), 2],
    ['307 letters', 'a'.repeat(307), 3],
    ['80 euros', '€'.repeat(80), 1],
    ['81 euros, of which 76 fit beside a header', '€'.repeat(81), 2],
    ['152 euros', '€'.repeat(152), 2],
    ['153 euros', '€'.repeat(153), 3],
    ['70 Cyrillic letters', 'ж'.repeat(70), 1],
    ['71 Cyrillic letters', 'ж'.repeat(71), 2],
    ['35 faces', '😀'.repeat(35), 1],
    ['66 faces, of which 33 fit beside a header', '😀'.repeat(66), 2],
    ['67 faces', '😀'.repeat(67), 3],
  ];
  it.each(counts)('%s make %s segments', (_, text, count) => {
    expect(segmentsOf(text).texts).toHaveLength(count);
  });

  it('refuses what no network would take, and names the field', () => {
    expect(() => submit('')).toThrow(/^text:/);
    expect(() => submit('a'.repeat(153 * 255 + 1))).toThrow(/^text:/);
    expect(submit('a'.repeat(153 * 255))).toHaveLength(255);
    expect(() => submit('a', 65_536)).toThrow(/^reference:/);
    expect(() =>
      submissionPdus({ to: { is: 'number', digits: '06 12' }, text: 'a', reference: 0, wantsReport: true }),
    ).toThrow(/^digits:/);
  });

  it('reads no garbage, and never breaks on it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
        readPdu(Buffer.from(octets).toString('hex'));
        expect(readPdu(`${Buffer.from(octets).toString('hex')}z`)).toBeUndefined();
      }),
      { numRuns: 5_000 },
    );
  });

  it('gives up a part that counts wrongly, and reads its text all the same', () => {
    const [pdu = ''] = submit('a'.repeat(161));
    expect(readPdu(pdu.replace('050003070201', '050003070203'))).toMatchObject({
      user: { part: undefined, text: 'a'.repeat(153) },
    });
  });
});

describe('septets (TS 23.038 6.1.2.1)', () => {
  it('come back whatever bits were left open before them', () => {
    const septets = fc.array(fc.integer({ min: 0, max: 127 }), { maxLength: 200 });
    fc.assert(
      fc.property(septets, fc.integer({ min: 0, max: 6 }), (all, fill) => {
        const packed = packSeptets(all, fill);
        expect(packed).toHaveLength(Math.ceil((all.length * 7 + fill) / 8));
        expect(unpackSeptets(packed, all.length, fill)).toEqual(all);
      }),
    );
  });
});

describe('moments (TS 23.040 9.2.3.11)', () => {
  it('come back in any zone of quarters', () => {
    const instant = fc.integer({ min: 946_771_200, max: 4_102_300_000 });
    fc.assert(
      fc.property(instant, fc.integer({ min: -48, max: 56 }), (second, quarters) => {
        const time = { at: millis(second * 1_000), zoneMinutes: quarters * 15 };
        expect(readServiceTime(writeServiceTime(time))).toEqual(time);
      }),
    );
  });

  it('are those of a calendar that knows leap years', () => {
    const at = (hex: string) => readServiceTime([...Buffer.from(hex, 'hex')])?.at;
    expect(at('42209221436500')).toBe(Date.UTC(2024, 1, 29, 12, 34, 56));
    expect(at('42209221436504')).toBe(Date.UTC(2024, 1, 29, 2, 34, 56));
    expect(at('32209221436500')).toBeUndefined();
    expect(at('4220922143658A')).toBe(Date.UTC(2024, 1, 29, 19, 34, 56));
    expect(at('00000000000000')).toBeUndefined();
    expect(at('422092')).toBeUndefined();
  });
});

describe('how long a network tries (TS 23.040 9.2.3.12.1)', () => {
  const table: readonly [number, number][] = [
    [0, 0],
    [5, 0],
    [6, 1],
    [720, 143],
    [721, 144],
    [1_440, 167],
    [2 * 1_440, 168],
    [30 * 1_440, 196],
    [35 * 1_440, 197],
    [441 * 1_440, 255],
    [900 * 1_440, 255],
  ];
  it.each(table)('%s minutes are octet %s', (wanted, octet) => {
    expect(validityOctet(minutes(wanted))).toBe(octet);
  });
});
