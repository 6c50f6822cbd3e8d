import { withCheck } from './dle-octets.ts';

/* HDLC of an ECM page (T.4 Annex A) as a fax machine makes and reads it, bit by bit and with nothing of the box's own code. */

const FLAG = [0, 1, 1, 1, 1, 1, 1, 0];

/** `flags` flags, then the frames with one flag behind each, and a few at the end; octets in the order of Class 1. */
export function enframed(frames: readonly Uint8Array[], flags: number): Uint8Array {
  const bits: number[] = [];
  for (let count = 0; count < flags; count += 1) bits.push(...FLAG);
  for (const frame of frames) {
    let ones = 0;
    for (const octet of withCheck(frame))
      for (let at = 0; at < 8; at += 1) {
        const bit = (octet >> at) & 1;
        bits.push(bit);
        ones = bit === 1 ? ones + 1 : 0;
        if (ones < 5) continue;
        bits.push(0);
        ones = 0;
      }
    bits.push(...FLAG);
  }
  bits.push(...FLAG, ...FLAG);
  const octets = new Uint8Array(bits.length >> 3);
  for (let at = 0; at < octets.length * 8; at += 1)
    octets[at >> 3] = (octets[at >> 3] ?? 0) | ((bits[at] ?? 0) << (at & 7));
  return octets;
}

/** Frames whose check fits, without it. */
export function deframed(octets: Uint8Array): readonly Uint8Array[] {
  const frames: Uint8Array[] = [];
  let bits: number[] = [];
  let ones = 0;
  for (let at = 0; at < octets.length * 8; at += 1) {
    const bit = ((octets[at >> 3] ?? 0) >> (at & 7)) & 1;
    if (bit === 1) {
      ones += 1;
      bits.push(1);
      continue;
    }
    if (ones === 6) {
      // A zero and six ones of the flag were taken for bits of the frame.
      const frame = checked(bits.slice(0, -7));
      if (frame !== undefined) frames.push(frame);
      bits = [];
    } else if (ones !== 5) bits.push(0);
    ones = 0;
  }
  return frames;
}

function checked(bits: readonly number[]): Uint8Array | undefined {
  if (bits.length % 8 !== 0 || bits.length < 40) return undefined;
  const octets = Uint8Array.from({ length: bits.length / 8 }, (_, k) =>
    bits.slice(k * 8, k * 8 + 8).reduce((octet, bit, place) => octet | (bit << place), 0),
  );
  const frame = octets.slice(0, -2);
  const whole = withCheck(frame);
  return whole.at(-1) === octets.at(-1) && whole.at(-2) === octets.at(-2) ? frame : undefined;
}
