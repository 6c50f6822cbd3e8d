import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDnsAnswer, writeDnsQuestion } from '../../../agent/model/dns-message.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const QUESTION = '0007 0100 0001 0000 0000 0000 01 61 07 6578616d706c65 00 0001 0001';
/** A CNAME and two addresses, names by reference (RFC 1035, 4.1.4). */
const ANSWER = `0007 8580 0001 0003 0000 0000 01 61 07 6578616d706c65 00 0001 0001
  c00c 0005 0001 0000003c 0004 01 62 c00e  c027 0001 0001 0000003c 0004 c0000201  c027 0001 0001 0000003c 0004 c0000202`;

describe('questions of DNS (RFC 1035; M-1)', () => {
  it('M-1: a question is what the standard writes, and an answer is read over names by reference', () => {
    expect(Buffer.from(writeDnsQuestion(7, 'a.example')).toString('hex')).toBe(QUESTION.replaceAll(' ', ''));
    expect(readDnsAnswer(7, hex(ANSWER.replaceAll(/\s/g, '')))).toEqual({
      ...{ code: 0, authoritative: true, name: 'b.example', addresses: ['192.0.2.1', '192.0.2.2'] },
    });
  });

  it('M-1: what is no answer to the question is none: another number, a question, a circle of names, anything cut', () => {
    const bytes = hex(ANSWER.replaceAll(/\s/g, ''));
    expect(readDnsAnswer(8, bytes)).toBeUndefined();
    expect(readDnsAnswer(7, hex(QUESTION))).toBeUndefined();
    expect(readDnsAnswer(7, hex('0007 8180 0001 0000 0000 0000 c00c 0001 0001'))).toBeUndefined();
    for (let length = 0; length < bytes.length; length += 1)
      expect(readDnsAnswer(7, bytes.slice(0, length))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        const read = readDnsAnswer(7, Uint8Array.from([0, 7, 0x81, 0x80, ...body]));
        expect(read === undefined || read.addresses.every((one) => /^[0-9.]+$/.test(one))).toBe(true);
      }),
    );
  });
});
