const DLE = 0x10;
const ETX = 0x03;

/** Doubles every DLE, as a modem does with what it hears. */
export const doubled = (octets: Uint8Array): Uint8Array =>
  octets.includes(DLE)
    ? Uint8Array.from([...octets].flatMap((octet) => (octet === DLE ? [DLE, DLE] : [octet])))
    : octets;

/** Reads what the box sends, octet by octet: an octet, the end, or nothing yet. */
export function createDleReader(): (octet: number) => number | 'end' | undefined {
  let escaped = false;
  return (octet) => {
    if (!escaped) {
      escaped = octet === DLE;
      return escaped ? undefined : octet;
    }
    escaped = false;
    if (octet === ETX) return 'end';
    return octet === DLE ? DLE : undefined;
  };
}

/** The frame with its FCS, low octet first (ISO/IEC 13239), worked out bit by bit. */
export function withCheck(frame: Uint8Array): Uint8Array {
  let crc = 0xffff;
  for (const octet of frame)
    for (let bit = 0; bit < 8; bit += 1) {
      const differs = ((crc ^ (octet >> bit)) & 1) === 1;
      crc >>= 1;
      if (differs) crc ^= 0x8408;
    }
  const check = ~crc & 0xffff;
  const whole = new Uint8Array(frame.length + 2);
  whole.set(frame);
  whole.set([check & 0xff, check >> 8], frame.length);
  return whole;
}
