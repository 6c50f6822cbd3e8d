import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reverseBits } from '../../../../agent/fax/t30/bit-order.ts';
import { checkedFrame, fcsOf, withFcs } from '../../../../agent/fax/t30/fcs.ts';
import { type Frame, readFrame, writeFrame } from '../../../../agent/fax/t30/frame.ts';
import { FRAME_KINDS, type FrameKind } from '../../../../agent/fax/t30/frame-kinds.ts';
import { hex, unhex } from '../t38/hex.ts';

const KINDS = Object.keys(FRAME_KINDS) as FrameKind[];

describe('frames of T.30 (X-1)', () => {
  it.each([
    ['ff 13 80 00ce78', 'DIS', true, false, '00ce78'],
    ['ff 03 40', 'CSI', false, false, ''],
    ['ff 13 83 00', 'DCS', true, true, '00'],
    ['ff 13 82 00', 'DCS', true, false, '00'],
    ['ff 13 8c', 'MCF', true, false, ''],
    ['ff 13 2f', 'EOP', true, true, ''],
    ['ff 13 fb', 'DCN', true, true, ''],
    ['ff 13 bf 2f000112', 'PPS', true, true, '2f000112'],
    ['ff 03 06 00 aa', 'FCD', false, false, '00aa'],
    ['ff 03 86', 'RCP', false, false, ''],
  ] as const)('X-1: %s is a %s', (octets, kind, final, x, information) => {
    const frame: Frame = { kind, final, x, information: unhex(information) };
    expect(readFrame(unhex(octets)).frame).toEqual(frame);
    expect(hex(writeFrame(frame))).toBe(octets.replaceAll(' ', ''));
  });

  it('X-1: every kind is read back with its X bit, where it has one', () => {
    for (const kind of KINDS)
      for (const x of [false, true]) {
        const frame: Frame = { kind, final: true, x, information: unhex('0102') };
        expect(readFrame(writeFrame(frame)).frame).toEqual({ ...frame, x: x && FRAME_KINDS[kind].x });
      }
  });

  it('X-1: no two kinds share a control field', () => {
    const codes = KINDS.flatMap((kind) =>
      FRAME_KINDS[kind].x ? [FRAME_KINDS[kind].code, FRAME_KINDS[kind].code | 1] : [FRAME_KINDS[kind].code],
    );
    expect(new Set(codes).size).toBe(codes.length);
  });

  it.each([
    ['', 'too-short'],
    ['ff13', 'too-short'],
    ['00 13 80', 'wrong-address'],
    ['ff 23 80', 'wrong-control'],
    ['ff 13 00', 'unknown-kind'],
  ] as const)('X-1: %s is no frame, and the reason is %s', (octets, obstacle) => {
    expect(readFrame(unhex(octets))).toEqual({ frame: undefined, obstacle });
  });

  it('X-1: the FCS is that of X.25: the check value of the catalog of CRCs is 906e, low octet first', () => {
    expect(fcsOf(new TextEncoder().encode('123456789'))).toBe(0x906e);
    expect(hex(withFcs(unhex('ff13fb')))).toBe(
      `ff13fb${hex(Uint8Array.of(fcsOf(unhex('ff13fb')) & 0xff, fcsOf(unhex('ff13fb')) >> 8))}`,
    );
  });

  it('X-1: a frame with its FCS is good, and with any one bit turned it is not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 260 }), fc.nat(), (octets, bit) => {
        const whole = withFcs(octets);
        expect(checkedFrame(whole)).toEqual(octets);
        const at = bit % (whole.length * 8);
        whole[at >> 3] = (whole[at >> 3] ?? 0) ^ (1 << (at & 7));
        expect(checkedFrame(whole)).toBeUndefined();
      }),
    );
    expect(checkedFrame(unhex('00'))).toBeUndefined();
  });

  it('X-1: octets of T.38 are those of Class 1 turned round', () => {
    expect(hex(reverseBits(unhex('ff138301')))).toBe('ffc8c180');
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        expect(reverseBits(reverseBits(octets))).toEqual(octets);
      }),
    );
  });
});
