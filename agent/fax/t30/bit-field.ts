/**
 * The numbered bits of T.30 table 2 in the information of DIS, DTC and DCS: bit 1 is the first on the line, which is bit 0 of the
 * first octet in the order of Class 1.
 */
export const bitAt = (field: Uint8Array, bit: number): boolean =>
  ((field[(bit - 1) >> 3] ?? 0) & (1 << ((bit - 1) & 7))) !== 0;

/** Bits side by side from `first` on, as the table writes them: the first one leftmost. */
export const bitsFrom = (field: Uint8Array, first: number, count: number): string =>
  Array.from({ length: count }, (_, k) => (bitAt(field, first + k) ? '1' : '0')).join('');

/** The field with some bits cleared; never longer or shorter. */
export function withoutBits(field: Uint8Array, bits: readonly number[]): Uint8Array {
  const cleared = field.slice();
  for (const bit of bits) {
    const at = (bit - 1) >> 3;
    cleared[at] = (cleared[at] ?? 0) & ~(1 << ((bit - 1) & 7));
  }
  return cleared;
}

/** Bits 24, 32, 40 … say that another octet follows; the first three octets are always there. */
const FIRST_OCTETS = 3;

/** A field with these bits set, long enough for them, the extend bits set as needed. */
export function fieldOf(bits: readonly number[]): Uint8Array {
  const length = Math.max(FIRST_OCTETS, ...bits.map((bit) => Math.ceil(bit / 8)));
  const field = new Uint8Array(length);
  const extend = Array.from({ length: length - FIRST_OCTETS }, (_, k) => 8 * (FIRST_OCTETS + k));
  for (const bit of [...bits, ...extend]) {
    const at = (bit - 1) >> 3;
    field[at] = (field[at] ?? 0) | (1 << ((bit - 1) & 7));
  }
  return field;
}

/** Numbers of the ones in a pattern of the table that begins at bit `first`. */
export const bitsOf = (first: number, pattern: string): readonly number[] =>
  [...pattern].flatMap((bit, k) => (bit === '1' ? [first + k] : []));
