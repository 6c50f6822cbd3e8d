import { withCheck } from './dle-octets.ts';

/* HDLC of an ECM page (T.4 Annex A) as a fax machine makes and reads it, bit by bit and with nothing of the box's own code. */

const FLAG = 0x7e;
const FLAG_BITS = 8;
/** Flags behind the last frame. */
const LAST_FLAGS = 2;

/** `flags` flags, then the frames with one flag behind each, and a few at the end; octets in the order of Class 1. */
export function enframed(frames: readonly Uint8Array[], flags: number): Uint8Array {
  // At most one zero for each five bits.
  const most = frames.reduce((sum, frame) => sum + ((frame.length + 2) * 6) / 5 + 2, flags + LAST_FLAGS + 1);
  const octets = new Uint8Array(Math.ceil(most));
  let count = 0;
  const put = (bit: number): void => {
    if (bit === 1) octets[count >> 3] = (octets[count >> 3] ?? 0) | (1 << (count & 7));
    count += 1;
  };
  const putFlags = (number: number): void => {
    for (let at = 0; at < number * FLAG_BITS; at += 1) put((FLAG >> (at & 7)) & 1);
  };
  putFlags(flags);
  for (const frame of frames) {
    let ones = 0;
    for (const octet of withCheck(frame))
      for (let at = 0; at < 8; at += 1) {
        const bit = (octet >> at) & 1;
        put(bit);
        ones = bit === 1 ? ones + 1 : 0;
        if (ones < 5) continue;
        put(0);
        ones = 0;
      }
    putFlags(1);
  }
  putFlags(LAST_FLAGS);
  return octets.slice(0, count >> 3);
}

const LONGEST = 1_024;

/** Frames whose check fits, without it. */
export function deframed(octets: Uint8Array): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  const frame = new Uint8Array(LONGEST);
  let count = 0;
  let ones = 0;
  const put = (bit: number): void => {
    const at = (count >> 3) % LONGEST;
    const before = (count & 7) === 0 ? 0 : (frame[at] ?? 0);
    frame[at] = before | (bit << (count & 7));
    count += 1;
  };
  for (const octet of octets)
    for (let at = 0; at < 8; at += 1) {
      if (((octet >> at) & 1) === 1) {
        ones += 1;
        put(1);
        continue;
      }
      if (ones === 6) {
        // A zero and six ones of the flag were taken for bits of the frame.
        const whole = checked(frame, count - 7);
        if (whole !== undefined) frames.push(whole);
        count = 0;
      } else if (ones !== 5) put(0);
      ones = 0;
    }
  return frames;
}

function checked(octets: Uint8Array, bits: number): Uint8Array | undefined {
  if (bits % 8 !== 0 || bits < 40 || bits > LONGEST * 8) return undefined;
  const frame = octets.slice(0, bits / 8 - 2);
  const whole = withCheck(frame);
  return whole.at(-1) === octets[bits / 8 - 1] && whole.at(-2) === octets[bits / 8 - 2] ? frame : undefined;
}
