const REVERSED = Uint8Array.from({ length: 256 }, (_, octet) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit += 1) if ((octet & (1 << bit)) !== 0) reversed |= 0x80 >> bit;
  return reversed;
});

/**
 * The same bits with each octet turned round. A Class 1 modem hands over octets whose least significant bit was first on the line
 * (T.31 8.3), T.38 has the first bit as the most significant one; that holds for HDLC and T.4 alike. Its own inverse.
 */
export const reverseBits = (octets: Uint8Array): Uint8Array => octets.map((octet) => REVERSED[octet] ?? 0);
