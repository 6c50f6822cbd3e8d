/** One part of a long message (TS 23.040 9.2.3.24.1 and 9.2.3.24.8). */
export type Part = {
  readonly reference: number;
  /** Whether the reference has 16 bits: the two kinds do not mix within a message. */
  readonly wide: boolean;
  readonly total: number;
  /** From 1. */
  readonly number: number;
};

const NARROW = 0x00;
const WIDE = 0x08;

/** The user data header of a part, its length octet included. */
export function writePart({ reference, wide, total, number }: Part): readonly number[] {
  return wide
    ? [6, WIDE, 4, reference >> 8, reference & 0xff, total, number]
    : [5, NARROW, 3, reference & 0xff, total, number];
}

/**
 * The part that a header, without its length octet, speaks of. Other elements are passed over; one that is cut off ends
 * the header, and a part that counts wrongly is none (TS 23.040 9.2.3.24.1: it shall be ignored).
 */
export function readPart(header: readonly number[]): Part | undefined {
  for (let at = 0; at + 1 < header.length; ) {
    const [kind, length = 0] = header.slice(at, at + 2);
    const value = header.slice(at + 2, at + 2 + length);
    at += 2 + length;
    const part =
      kind === NARROW && length === 3 ? narrow(value) : kind === WIDE && length === 4 ? wide(value) : undefined;
    if (part !== undefined && part.number >= 1 && part.number <= part.total) return part;
  }
  return undefined;
}

const narrow = ([reference = 0, total = 0, number = 0]: readonly number[]): Part => ({
  reference,
  wide: false,
  total,
  number,
});
const wide = ([high = 0, low = 0, total = 0, number = 0]: readonly number[]): Part => ({
  reference: (high << 8) | low,
  wide: true,
  total,
  number,
});
