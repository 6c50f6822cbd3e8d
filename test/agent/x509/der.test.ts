import { assert, constantFrom, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bits, der, oid, openDer, readDer, sameBytes, sequence, unsigned } from '../../../agent/x509/der.ts';
import { fromPem, toPem } from '../../../agent/x509/pem.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/ /g, ''), 'hex'));

describe('D-3: DER (X.690)', () => {
  it.each([
    ['a number with its sign bit set', unsigned(bytes('ff')), '0200ff'.replace('02', '0202')],
    ['a number with zeros ahead', unsigned(bytes('0000 0102')), '02020102'],
    ['zero', unsigned(bytes('')), '020100'],
    ['the name of ECDSA with SHA-256', oid('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
    ['bits', bits(bytes('aa')), '030200aa'],
    ['a sequence of nothing', sequence(), '3000'],
  ])('writes %s', (_what, written, expected) => {
    expect(hex(written)).toBe(expected);
  });

  it('a body of any length comes back whole, with its length in the fewest bytes', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const body = new Uint8Array(length).fill(7);
      const [only, ...more] = readDer(der(0x04, body)) ?? [];
      expect([only?.tag, only?.body.length, more.length]).toEqual([0x04, length, 0]);
    }
  });

  it.each([
    ['nothing behind its tag', '30'],
    ['a length beyond what is there', '3005 0000'],
    ['an indefinite length', '3080 0000'],
    ['a length in more bytes than it needs', '308101 00'],
    ['a long tag', '1f8101 00'],
    ['a length of five bytes', '3085 0000000001 00'],
  ])('refuses %s', (_why, text) => {
    expect(readDer(bytes(text))).toBeUndefined();
  });

  it('whatever comes is refused or is the very bytes that writing it gives', () => {
    assert(
      property(uint8Array({ maxLength: 300 }), (given) => {
        const read = readDer(given);
        if (read === undefined) return;
        expect(hex(Buffer.concat(read.map(({ tag, body }) => der(tag, body))))).toBe(hex(given));
      }),
      { seed: 8_101, numRuns: 2_000 },
    );
  });

  it('one object is opened by its own tag alone, with nothing behind it', () => {
    const inner = der(0x02, Uint8Array.of(1));
    expect(openDer(sequence(inner), 0x30)?.map(({ raw }) => hex(raw))).toEqual([hex(inner)]);
    expect(openDer(sequence(inner), 0x31)).toBeUndefined();
    expect(openDer(bytes('3000 3000'), 0x30)).toBeUndefined();
  });

  it('PEM gives back the bytes, and only under its own label', () => {
    assert(
      property(uint8Array({ minLength: 1, maxLength: 200 }), constantFrom('', 'words before\n'), (body, before) => {
        const pem = before + toPem('CERTIFICATE REQUEST', body);
        expect(sameBytes(fromPem('CERTIFICATE REQUEST', pem) ?? new Uint8Array(), body)).toBe(true);
        expect(fromPem('CERTIFICATE', pem)).toBeUndefined();
        expect(fromPem('CERTIFICATE REQUEST', pem.replace(/[A-Za-z0-9+/]=*\n-----END/, '?\n-----END'))).toBeUndefined();
      }),
      { seed: 8_102, numRuns: 200 },
    );
  });
});
