import { withFcs } from './fcs.ts';

/*
 * HDLC in software, for ECM: a Class 1 modem knows HDLC at 300 bit/s only, pages go through +FTM and +FRM as bare bits. Octets in
 * the order of Class 1. Between frames there are flags; a zero follows five ones within a frame (T.4 Annex A, ISO/IEC 13239).
 */

/** What a reader of bits is in the middle of. `frame` is undefined outside of one. */
export type Deframer = {
  readonly ones: number;
  readonly octet: number;
  readonly bits: number;
  readonly frame: readonly number[] | undefined;
};

/** An ECM frame has 3 + 1 + 256 octets and its FCS; what is longer than twice that lost its flag. */
const LONGEST = 524;

export const startDeframer = (): Deframer => ({ ones: 0, octet: 0, bits: 0, frame: undefined });

/** Frames with their FCS still to be checked; fragments shorter than two octets of frame and two of FCS are noise. */
export function deframe(state: Deframer, octets: Uint8Array): readonly [Deframer, readonly Uint8Array[]] {
  let { ones, octet, bits } = state;
  let frame = state.frame?.slice();
  const frames: Uint8Array[] = [];
  for (const next of octets) {
    for (let at = 0; at < 8; at += 1) {
      const bit = (next >> at) & 1;
      if (bit === 0 && ones === 6) {
        // A flag. Its own first seven bits stand in `octet` by now, hence seven bits over a whole number of octets.
        if (frame !== undefined && frame.length >= 4 && bits === 7) frames.push(Uint8Array.from(frame));
        [frame, octet, bits, ones] = [[], 0, 0, 0];
        continue;
      }
      if (bit === 0 && ones === 5) {
        ones = 0;
        continue;
      }
      ones = bit === 1 ? Math.min(ones + 1, 7) : 0;
      // Seven ones are an abort.
      if (ones === 7 || (frame !== undefined && frame.length > LONGEST)) frame = undefined;
      octet = (octet >> 1) | (bit << 7);
      bits += 1;
      if (bits < 8) continue;
      frame?.push(octet);
      [octet, bits] = [0, 0];
    }
  }
  return [{ ones, octet, bits, frame }, frames];
}

/** `flags` flags, then each frame with its FCS and a flag behind it, the last octet filled up with flag bits. */
export function enframe(frames: readonly Uint8Array[], flags: number): Uint8Array {
  const bits = createBits();
  for (let count = 0; count < flags; count += 1) bits.flag();
  for (const frame of frames) {
    for (const octet of withFcs(frame)) bits.stuffed(octet);
    bits.flag();
  }
  return bits.whole();
}

type Bits = { readonly flag: () => void; readonly stuffed: (octet: number) => void; readonly whole: () => Uint8Array };

function createBits(): Bits {
  const octets: number[] = [];
  let octet = 0;
  let filled = 0;
  let ones = 0;
  const put = (bit: number): void => {
    octet |= bit << filled;
    filled += 1;
    if (filled < 8) return;
    octets.push(octet);
    [octet, filled] = [0, 0];
  };
  const flag = (): void => {
    for (let at = 0; at < 8; at += 1) put((0x7e >> at) & 1);
    ones = 0;
  };
  const stuffed = (value: number): void => {
    for (let at = 0; at < 8; at += 1) {
      const bit = (value >> at) & 1;
      put(bit);
      ones = bit === 1 ? ones + 1 : 0;
      if (ones < 5) continue;
      put(0);
      ones = 0;
    }
  };
  const whole = (): Uint8Array => {
    for (let at = 0; filled > 0; at += 1) put((0x7e >> (at & 7)) & 1);
    return Uint8Array.from(octets);
  };
  return { flag, stuffed, whole };
}
