/** CRC of HDLC (ISO/IEC 13239, T.30 5.3.7): x16 + x12 + x5 + 1, least significant bit first, begun with ones and inverted. */
const TABLE = Uint16Array.from({ length: 256 }, (_, octet) => {
  let remainder = octet;
  for (let bit = 0; bit < 8; bit += 1) remainder = (remainder & 1) !== 0 ? (remainder >> 1) ^ 0x8408 : remainder >> 1;
  return remainder;
});
/** What the CRC leaves of a frame with its own FCS behind it. */
const GOOD_RESIDUE = 0xf0b8;

/** FCS of a frame's octets (address to information) in the order of Class 1; it is sent low octet first. */
export const fcsOf = (octets: Uint8Array): number => crcOf(octets) ^ 0xffff;

/** A frame with its FCS behind it, as it goes on the line. */
export function withFcs(octets: Uint8Array): Uint8Array {
  const fcs = fcsOf(octets);
  const all = new Uint8Array(octets.length + 2);
  all.set(octets);
  all.set([fcs & 0xff, fcs >> 8], octets.length);
  return all;
}

/** The frame without its FCS, or undefined when that does not fit: some modems say OK to a damaged frame. */
export function checkedFrame(withItsFcs: Uint8Array): Uint8Array | undefined {
  if (withItsFcs.length < 3 || crcOf(withItsFcs) !== GOOD_RESIDUE) return undefined;
  return withItsFcs.subarray(0, -2);
}

const crcOf = (octets: Uint8Array): number =>
  octets.reduce((crc, octet) => (crc >> 8) ^ (TABLE[(crc ^ octet) & 0xff] ?? 0), 0xffff);
