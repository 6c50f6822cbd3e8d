import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  cut,
  END_OF_OCTETS,
  type FaxToken,
  type Framer,
  readOctets,
  readWords,
  shielded,
} from '../../../../firmware-ts/devices/fax-modem/framer.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Reads chunks, octets after each CONNECT; neighboring octets are joined. */
function read(chunks: readonly Uint8Array[], start: Framer = readWords()): readonly string[] {
  const tokens: string[] = [];
  let framer = start;
  for (const chunk of chunks)
    for (let from = 0; ; ) {
      const piece = cut(framer, chunk, from);
      framer = piece.framer;
      if (piece.token === undefined) break;
      note(tokens, piece.token);
      if (piece.token.is === 'line' && piece.token.text === 'CONNECT') framer = readOctets(framer);
      from = piece.next;
    }
  return tokens;
}

function note(tokens: string[], token: FaxToken): void {
  if (token.is === 'line') tokens.push(token.text);
  else if (token.is !== 'octets') tokens.push(token.is);
  else if (tokens.at(-1)?.startsWith('#')) tokens.push(`${tokens.pop()} ${token.octets.join(' ')}`);
  else tokens.push(`#${token.octets.join(' ')}`);
}

describe('X-1: what a Class 1 modem says', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['a result', '\r\nOK\r\n', ['OK']],
    [
      'octets in the same read as CONNECT',
      '\r\nCONNECT\r\nabc\x10\x03\r\nNO CARRIER\r\n',
      ['CONNECT', '#97 98 99', 'end', 'NO CARRIER'],
    ],
    ['a first octet that is a line feed itself', '\r\nCONNECT\r\n\n\n\x10\x03', ['CONNECT', '#10 10', 'end']],
    ['a doubled DLE', '\r\nCONNECT\r\n\x10\x10\x10\x03', ['CONNECT', '#16', 'end']],
    ['DLE SUB as two', '\r\nCONNECT\r\n\x10\x1a\x10\x03', ['CONNECT', '#16 16', 'end']],
    ['an unknown pair as nothing', '\r\nCONNECT\r\na\x10zb\x10\x03', ['CONNECT', '#97 98', 'end']],
    ['XOFF and XON as octets of a page', '\r\nCONNECT\r\n\x13\x11\x10\x03', ['CONNECT', '#19 17', 'end']],
    ['XOFF and XON between words', '\x13\r\nO\x11K\r\n', ['xoff', 'xon', 'OK']],
    [
      'words of a page as octets',
      '\r\nCONNECT\r\n\r\nOK\r\n\x10\x03\r\nOK\r\n',
      ['CONNECT', '#13 10 79 75 13 10', 'end', 'OK'],
    ],
    ['an empty frame', '\r\nCONNECT\r\n\x10\x03\r\nNO CARRIER\r\n', ['CONNECT', 'end', 'NO CARRIER']],
  ])('reads %s, in one piece and octet by octet', (_, text, tokens) => {
    expect(read([bytes(text)])).toEqual(tokens);
    expect(read([...bytes(text)].map((octet) => Uint8Array.of(octet)))).toEqual(tokens);
  });

  it('keeps a DLE that was not doubled, from a modem known not to', () => {
    expect(read([bytes('\r\nCONNECT\r\na\x10b\x10\x10\x10\x03')], readWords(true))).toEqual([
      'CONNECT',
      '#97 16 98 16',
      'end',
    ]);
  });

  it('gives back what was shielded, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(0x10, 0x03, 0x11, 0x13, 0x0a, 0x1a), fc.nat({ max: 255 })), { minLength: 1 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (page, sizes) => {
          const all = Uint8Array.from([
            ...bytes('\r\nCONNECT\r\n'),
            ...shielded(Uint8Array.from(page)),
            ...END_OF_OCTETS,
          ]);
          const chunks: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < all.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            chunks.push(all.subarray(at, at + size));
            at += size;
          }
          expect(read(chunks)).toEqual(['CONNECT', `#${page.join(' ')}`, 'end']);
        },
      ),
    );
  });

  it('keeps a bounded part of a line that never ends', () => {
    const { framer } = cut(readWords(), new Uint8Array(100_000).fill(0x41), 0);
    expect(framer.line.length).toBe(512);
  });
});
