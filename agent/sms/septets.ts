/**
 * TS 23.038 6.1.2.1: septets into octets, lowest bits first.
 * @param fill bits left open at the beginning, 0 to 6, so that text starts on a septet behind a header (TS 23.040 9.2.3.24).
 */
export function packSeptets(septets: readonly number[], fill = 0): readonly number[] {
  const octets: number[] = [];
  let bits = 0;
  let held = fill;
  for (const septet of septets) {
    bits |= septet << held;
    held += 7;
    while (held >= 8) {
      octets.push(bits & 0xff);
      bits >>= 8;
      held -= 8;
    }
  }
  if (held > 0 && (septets.length > 0 || fill > 0)) octets.push(bits & 0xff);
  return octets;
}

/** The other way; `count` septets, fewer where the octets end before. */
export function unpackSeptets(octets: readonly number[], count: number, fill = 0): readonly number[] {
  const septets: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const bit = fill + at * 7;
    const place = bit >> 3;
    const low = octets[place];
    if (low === undefined || bit + 7 > octets.length * 8) return septets;
    septets.push(((((octets[place + 1] ?? 0) << 8) | low) >> (bit & 7)) & 0x7f);
  }
  return septets;
}
