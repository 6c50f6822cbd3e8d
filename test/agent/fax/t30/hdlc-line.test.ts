import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedFrame, withFcs } from '../../../../agent/fax/t30/fcs.ts';
import { deframe, enframe, startDeframer } from '../../../../agent/fax/t30/hdlc-line.ts';
import { hex, unhex } from '../t38/hex.ts';

const framesIn = (octets: Uint8Array): readonly string[] => deframe(startDeframer(), octets)[1].map(hex);

describe('HDLC in software (X-1, T.4 Annex A)', () => {
  it('X-1: flags are 7e, and a frame of ones is stuffed with zeros', () => {
    expect(hex(enframe([], 3))).toBe('7e7e7e');
    const line = enframe([unhex('ffffff')], 1);
    expect(hex(line).startsWith('7e')).toBe(true);
    const bits = [...line.subarray(1)]
      .map((octet) => octet.toString(2).padStart(8, '0').split('').reverse().join(''))
      .join('');
    expect(bits.startsWith('1111101111101111101111101111')).toBe(true);
  });

  it('X-1: frames of any size come back, whatever is between them and however the octets are cut', () => {
    const frames = fc.array(fc.uint8Array({ minLength: 2, maxLength: 260 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(frames, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 40 }), (all, flags, cut) => {
        const line = enframe(all, flags);
        let state = startDeframer();
        const found: Uint8Array[] = [];
        for (let at = 0; at < line.length; at += cut) {
          const [after, more] = deframe(state, line.subarray(at, at + cut));
          state = after;
          found.push(...more);
        }
        expect(found.map(hex)).toEqual(all.map((frame) => hex(withFcs(frame))));
        expect(found.map((frame) => checkedFrame(frame)?.length)).toEqual(all.map(({ length }) => length));
      }),
    );
  });

  it('X-1: an abort drops the frame that it is in, and the next one is read', () => {
    const line = enframe([unhex('ff0386')], 1);
    const aborted = Uint8Array.of(...line.subarray(0, 3), 0xff, ...enframe([unhex('ff0387')], 2));
    expect(framesIn(aborted)).toEqual([hex(withFcs(unhex('ff0387')))]);
  });

  it('X-1: a line of noise makes no frame longer than an ECM frame can be, and takes no room', () => {
    const noise = Uint8Array.from({ length: 50_000 }, (_, k) => (k % 7) * 31);
    const [state, frames] = deframe(startDeframer(), Uint8Array.of(0x7e, ...noise));
    expect(frames.every(({ length }) => length <= 525)).toBe(true);
    expect(state.frame?.length ?? 0).toBeLessThanOrEqual(525);
  });
});
