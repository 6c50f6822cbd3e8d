import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitStream } from '../../../agent/sip/split-stream.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const message = (body: string, length = `Content-Length: ${encode(body).length}`): string =>
  `MESSAGE sip:a@b SIP/2.0\r\nCall-ID: x\r\n${length}\r\nCSeq: 1 MESSAGE\r\n\r\n${body}`;
const parts = (text: string) => {
  const split = splitStream(encode(text));
  return split && { parts: split.parts.map(({ is, bytes }) => [is, decode(bytes)]), rest: decode(split.rest) };
};

describe('Q-3: SIP over TCP is cut where RFC 3261 18.3 has messages end', () => {
  it('keeps what is not whole yet, and passes keep-alives between messages (RFC 5626 3.5.1)', () => {
    const one = message('été');
    const two = message('');
    expect(parts(`${one}\r\n\r\n${two}${one.slice(0, 30)}`)).toEqual({
      parts: [
        ['message', one],
        ['between', '\r\n\r\n'],
        ['message', two],
      ],
      rest: one.slice(0, 30),
    });
  });

  it.each(['l: 4', 'CONTENT-LENGTH  :\t4', 'Content-Length:\r\n  4', 'Content-Length: 4\r\nl: 4'])(
    'reads %j',
    (length) => {
      expect(parts(message('abcd', length))?.parts).toHaveLength(1);
    },
  );

  it.each([
    ['a message that does not say its length', message('', 'X: 1')],
    ['one that says two', message('abcd', 'Content-Length: 4\r\nl: 3')],
    ['one that says no number', message('abcd', 'Content-Length: 4x')],
    ['one of more than 64 KiB', message('', 'Content-Length: 70000')],
    ['TLS', '\u0016\u0003\u0001\n\nsomething'],
    ['a head without an end', `MESSAGE sip:a@b SIP/2.0\r\n${'X: y\r\n'.repeat(12_000)}`],
  ])('%s can’t be cut', (_, text) => {
    expect(parts(text)).toBeUndefined();
  });

  it('loses, adds and reorders no octet, however the stream comes in pieces', () => {
    const stream = fc.array(fc.constantFrom(message('one'), message('two\r\n\r\nthree'), '\r\n', '\r\n\r\n'), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(stream, fc.array(fc.nat(400), { maxLength: 12 }), (sent, cuts) => {
        const bytes = encode(sent.join(''));
        const edges = [0, ...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
        let rest: Uint8Array = new Uint8Array();
        const heard: string[] = [];
        let all = '';
        for (const [index, edge] of edges.slice(1).entries()) {
          const split = splitStream(Buffer.concat([rest, bytes.subarray(edges[index], edge)]));
          if (split === undefined) throw new Error('it can be cut');
          rest = split.rest;
          for (const part of split.parts) {
            all += decode(part.bytes);
            if (part.is === 'message') heard.push(decode(part.bytes));
          }
        }
        expect(all + decode(rest)).toBe(sent.join(''));
        expect(heard).toEqual(sent.filter((one) => one.startsWith('MESSAGE')));
      }),
    );
  });

  it('never fails on noise', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        splitStream(noise);
      }),
      { numRuns: 2_000 },
    );
  });
});
