import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Framed, frame } from '../../../../firmware-ts/devices/at/framer.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

function frameAll(chunks: readonly Uint8Array[]): Framed {
  return chunks.reduce<Framed>(
    (before, chunk) => {
      const after = frame(before.rest, chunk);
      return { lines: [...before.lines, ...after.lines], rest: after.rest };
    },
    { lines: [], rest: '' },
  );
}

/** The same bytes in pieces of the given sizes. */
function cut(all: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] {
  let at = 0;
  const pieces = sizes.map((size) => {
    const piece = all.subarray(at, at + size);
    at += size;
    return piece;
  });
  return [...pieces, all.subarray(at)];
}

describe('the AT framer', () => {
  const cases: readonly [string, string, readonly string[], string][] = [
    ['an answer with its result', '\r\n+CSQ: 20,99\r\n\r\nOK\r\n', ['+CSQ: 20,99', 'OK'], ''],
    ['an echo that ends with CR alone', 'AT+CSQ\r\r\n+CSQ: 20,99\r\n', ['AT+CSQ', '+CSQ: 20,99'], ''],
    ['a line that is not over', '\r\nOK\r\n+CS', ['OK'], '+CS'],
    ['bytes that are no text', '\0\xff\r\nOK\r\n', ['\0\xff', 'OK'], ''],
    ['nothing', '', [], ''],
  ];
  it.each(cases)('cuts %s', (_, text, lines, rest) => {
    expect(frame('', bytes(text))).toEqual({ lines, rest });
  });

  const talk = fc.oneof(
    fc.constantFrom('\r\n+CSQ: 20,99\r\n', '\r\nOK\r\n', 'AT+CSQ\r', '\r', '\n', '\0', 'x'.repeat(1_500)),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );

  it('gives the same lines however the bytes arrive', () => {
    fc.assert(
      fc.property(fc.array(talk, { maxLength: 20 }), fc.array(fc.nat({ max: 60 })), (words, sizes) => {
        const all = bytes(words.join(''));
        expect(frameAll(cut(all, sizes))).toEqual(frame('', all));
      }),
    );
  });

  it('never says an empty line nor a line with an end inside', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (all) => {
        for (const line of frame('', all).lines) expect(line).toMatch(/^[^\r\n]{1,1024}$/);
      }),
    );
  });

  it('survives a million bytes of noise without a line end, and reads the answer behind them', () => {
    const noise = Array.from({ length: 1_000 }, () => Buffer.alloc(1_000, 0xa5));
    const { lines, rest } = frameAll([...noise, bytes('\r\nOK\r\n')]);
    expect(lines.map((line) => line.length)).toEqual([1_024, 2]);
    expect(lines.at(-1)).toBe('OK');
    expect(rest).toBe('');
  });

  it('survives a million bytes of noise one by one', () => {
    let rest = '';
    for (let i = 0; i < 1_000_000; i += 1) rest = frame(rest, Uint8Array.of(0xa5)).rest;
    expect(rest.length).toBe(1_024);
  });
});
