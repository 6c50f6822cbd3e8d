/** What the CRC of HDLC (ISO/IEC 13239, T.30 5.3.7) leaves of a frame with its own FCS behind it. */
const GOOD_RESIDUE = 0xf0b8;
const OCTETS_OF_FCS = 2;

/** A frame without its FCS, and whether that fits. Some modems say OK to a damaged frame, so theirs is not the last word. */
export function checkFrame(octets: Uint8Array): { readonly octets: Uint8Array; readonly good: boolean } {
  const good = octets.length > OCTETS_OF_FCS && octets.reduce(withOctet, 0xffff) === GOOD_RESIDUE;
  return { octets: octets.slice(0, Math.max(0, octets.length - OCTETS_OF_FCS)), good };
}

function withOctet(crc: number, octet: number): number {
  let remainder = crc ^ octet;
  for (let bit = 0; bit < 8; bit += 1) remainder = (remainder & 1) !== 0 ? (remainder >> 1) ^ 0x8408 : remainder >> 1;
  return remainder;
}
