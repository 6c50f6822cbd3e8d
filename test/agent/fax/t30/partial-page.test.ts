import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readAfter,
  readEcmFrame,
  readFramesWanted,
  readPartialPage,
  writeEcmFrame,
  writeFramesWanted,
  writePartialPage,
} from '../../../../agent/fax/t30/partial-page.ts';
import { hex, unhex } from '../t38/hex.ts';

describe('partial pages of ECM (X-1)', () => {
  it.each([
    ['2f 00 01 12', { after: 'EOP', page: 0, block: 1, frames: 19 }],
    ['2e 00 01 12', { after: 'EOP', page: 0, block: 1, frames: 19 }],
    ['01 03 00 ff', { after: 'NULL', page: 3, block: 0, frames: 256 }],
    ['4e 05 00 00', { after: 'MPS', page: 5, block: 0, frames: 1 }],
  ] as const)('X-1: reads the PPS %s, with and without the X bit', (octets, meant) => {
    expect(readPartialPage(unhex(octets))).toEqual(meant);
    expect(hex(writePartialPage(meant, (unhex(octets)[0] ?? 0) % 2 === 1))).toBe(octets.replaceAll(' ', ''));
  });

  it('X-1: what is cut short or ends in no known way is no PPS', () => {
    expect(readPartialPage(unhex('2f0001'))).toBeUndefined();
    expect(readPartialPage(unhex('8c000100'))).toBeUndefined();
    expect(readAfter(0x8c)).toBeUndefined();
  });

  it('X-1: a PPR names the frames wanted again, first frame in the first bit', () => {
    expect(hex(writeFramesWanted([0, 9])).startsWith('0102')).toBe(true);
    const frames = fc.uniqueArray(fc.nat(255)).map((all) => all.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(frames, (wanted) => {
        expect(readFramesWanted(writeFramesWanted(wanted))).toEqual(wanted);
      }),
    );
  });

  it('X-1: an ECM frame has its number before its data', () => {
    expect(readEcmFrame(writeEcmFrame(7, unhex('aabb')))).toEqual({ number: 7, octets: unhex('aabb') });
    expect(readEcmFrame(unhex(''))).toBeUndefined();
  });
});
