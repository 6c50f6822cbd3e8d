import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8Bytes } from '../../../agent/model/utf8.ts';
import { wireBytes } from '../../../agent/model/wire-bytes.ts';

describe('U-7: bytes of a road', () => {
  it('a ping and its answer take 160 bytes, a full envelope of records a tenth more than itself', () => {
    expect(wireBytes({ bytes: 4, packets: 2, connections: 0 })).toBe(160);
    const envelope = wireBytes({ bytes: 32_100, packets: 2, connections: 0 });
    expect(envelope / 32_100).toBeGreaterThan(1.05);
    expect(envelope / 32_100).toBeLessThan(1.1);
  });

  it('counts UTF-8 as the encoder writes it, lone surrogates too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
      }),
    );
    for (const text of ['\ud800', 'a\udc00', '\ud83d\ude00', 'é€'])
      expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
  });
});
