import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, hexOf } from '../../../agent/uicc/bytes.ts';
import { headerOf, numberIn, openTlv, readTlv, readTlvs, writeNumber, writeTlv } from '../../../agent/uicc/tlv.ts';

const bytes = (hex: string): Uint8Array => bytesOf(hex.replace(/ /g, '')) ?? new Uint8Array();

describe('S-1: BER-TLV, as a card speaks it', () => {
  it.each([
    ['a tag of one byte', '5A 02 98 33', 0x5a, '9833'],
    ['a tag of two bytes', 'BF 3E 01 5A', 0xbf3e, '5A'],
    ['a tag of three bytes', 'BF 81 02 00', 0xbf8102, ''],
    ['a length of two bytes', `04 81 80 ${'AB'.repeat(128)}`, 0x04, 'AB'.repeat(128)],
    ['a length of three bytes that one would do for', '04 82 00 01 FF', 0x04, 'FF'],
    ['a length of four bytes', '04 83 00 00 01 FF', 0x04, 'FF'],
  ])('reads %s', (_, hex, tag, value) => {
    const read = readTlv(bytes(hex));
    expect(read.ok && { tag: read.value.tag, value: hexOf(read.value.value), raw: hexOf(read.value.raw) }).toEqual({
      tag,
      value,
      raw: hex.replace(/ /g, ''),
    });
  });

  it.each([
    ['nothing', '', 'a tag was expected'],
    ['a tag that goes on', 'BF', 'cut within a tag'],
    ['a tag of four bytes', 'BF 81 82 03 00', 'more than 3 bytes'],
    ['a tag alone', '5A', 'cut before a length'],
    ['a length that is cut', '5A 82 01', 'cut within a length'],
    ['an indefinite length', '30 80 00 00', 'a length of form 80'],
    ['a length of five bytes', '30 84 00 00 00 00', 'a length of form 84'],
    ['a value that is cut', '5A 03 01 02', '5A promises 3 bytes, 2 are there'],
  ])('says why it cannot read %s', (_, hex, why) => {
    const read = readTlv(bytes(hex));
    expect(read).toMatchObject({ ok: false, wrong: expect.stringContaining(why) });
  });

  it('opens the one object that was expected, and says what came instead', () => {
    expect(openTlv(bytes('BF3E 02 5A00'), 0xbf3e)).toMatchObject({ ok: true, value: [{ tag: 0x5a }] });
    expect(openTlv(bytes('BF2D 00'), 0xbf3e)).toEqual({ ok: false, wrong: 'BF3E was expected, BF2D came' });
    expect(openTlv(bytes('BF3E 00 FF'), 0xbf3e)).toEqual({ ok: false, wrong: '1 bytes behind BF3E' });
  });

  it('writes what it reads, whatever stands in it', () => {
    const tag = fc.constantFrom(0x04, 0x5a, 0x5f37, 0x9f70, 0xbf2d, 0xbf8102);
    fc.assert(
      fc.property(fc.array(fc.tuple(tag, fc.uint8Array({ maxLength: 70_000 })), { maxLength: 3 }), (all) => {
        const read = readTlvs(Buffer.concat(all.map(([name, value]) => writeTlv(name, value))));
        expect(read.ok && read.value.map((one) => [one.tag, hexOf(one.value)])).toEqual(
          all.map(([name, value]) => [name, hexOf(value)]),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('keeps whole numbers whole, the sign bit clear', () => {
    expect([0, 127, 128, 255, 65_536].map((number) => hexOf(writeNumber(0x80, number)))).toEqual([
      '800100',
      '80017F',
      '80020080',
      '800200FF',
      '8003010000',
    ]);
    fc.assert(
      fc.property(fc.nat({ max: 0x7fff_ffff }), (number) => {
        const read = readTlvs(writeNumber(0x80, number));
        expect(read.ok && numberIn(read.value, 0x80)).toBe(number);
      }),
    );
  });

  it('refuses to write what it could not read again', () => {
    expect(() => headerOf(0x1_00_00_00, 0)).toThrow(RangeError);
    expect(() => headerOf(0x04, 0x1_00_00_00)).toThrow(RangeError);
  });
});
