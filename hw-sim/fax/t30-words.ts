/* What two fax machines say to each other (T.30 5.3.6), in the order of Class 1, with nothing of the box's own code. */

/** The facsimile control field, as the station that got no DIS of its own says it; the X bit is its lowest. */
export const WORDS = {
  CSI: 0x40,
  DIS: 0x80,
  TSI: 0x43,
  DCS: 0x83,
  CFR: 0x84,
  FTT: 0x44,
  MPS: 0x4f,
  EOP: 0x2f,
  PPS: 0xbf,
  PPR: 0xbc,
  CTC: 0x13,
  CTR: 0xc4,
  MCF: 0x8c,
  RTN: 0x4c,
  DCN: 0xfb,
} as const;

export type Word = keyof typeof WORDS;

export const FCD = 0x06;
export const RCP = 0x86;

export const frameOf = (control: number, final: boolean, information: readonly number[] = []): Uint8Array =>
  Uint8Array.of(0xff, final ? 0x13 : 0x03, control, ...information);

/** The word of a frame whatever its X bit. */
export const wordOf = (octets: Uint8Array): Word | undefined =>
  (Object.keys(WORDS) as readonly Word[]).find((word) => WORDS[word] >> 1 === (octets[2] ?? 0) >> 1);

export const NAME = [...'31-01234567890'].map((letter) => letter.charCodeAt(0));

/** Bits 11 to 14 of DCS, leftmost first, by the value of +FTM. */
const RATE_BITS: Readonly<Record<number, string>> = {
  24: '0000',
  48: '0100',
  72: '1100',
  96: '1000',
  73: '1101',
  97: '1001',
  121: '0101',
  145: '0001',
};
const ECM_BIT = 27;

/** Information of a DCS or CTC: one-dimensional coding, 0 ms a line. */
export const orderOf = (modulation: number, ecm: boolean): readonly number[] =>
  fieldOf([10, ...bitsFrom(11, RATE_BITS[modulation] ?? '0000'), 21, 22, 23, ...(ecm ? [24, ECM_BIT] : [])], ecm);

/** Information of a DIS: V.27ter, V.29 and V.17. */
export const offerOf = (ecm: boolean): readonly number[] =>
  fieldOf([10, 11, 12, 14, 21, 22, 23, ...(ecm ? [24, ECM_BIT] : [])], ecm);

/** The modulation that a DCS or CTC orders, and whether with ECM. */
export function readOrder(information: Uint8Array): { readonly modulation: number; readonly ecm: boolean } {
  const bits = [11, 12, 13, 14].map((bit) => (hasBit(information, bit) ? '1' : '0')).join('');
  const found = Object.entries(RATE_BITS).find(([, pattern]) => pattern === bits);
  return { modulation: Number(found?.[0] ?? 24), ecm: hasBit(information, ECM_BIT) };
}

/** Whether a DIS knows ECM, and V.17. */
export const readOffer = (
  information: Uint8Array,
): { readonly ecm: boolean; readonly v17: boolean; readonly v29: boolean } => ({
  ecm: hasBit(information, ECM_BIT),
  v17: hasBit(information, 14),
  v29: hasBit(information, 11),
});

const hasBit = (field: Uint8Array, bit: number): boolean =>
  ((field[(bit - 1) >> 3] ?? 0) & (1 << ((bit - 1) & 7))) !== 0;
const bitsFrom = (first: number, pattern: string): readonly number[] =>
  [...pattern].flatMap((bit, at) => (bit === '1' ? [first + at] : []));

function fieldOf(bits: readonly number[], four: boolean): readonly number[] {
  const field = new Array<number>(four ? 4 : 3).fill(0);
  for (const bit of bits) field[(bit - 1) >> 3] = (field[(bit - 1) >> 3] ?? 0) | (1 << ((bit - 1) & 7));
  return field;
}

/** The rates to fall back to, fastest first (T.30 5.3.6.1.3). */
export const FALLBACKS = [145, 121, 97, 73, 96, 72, 48, 24] as const;

/** V.17 has a short training for images; its value is the next one. */
export const imageModulation = (modulation: number): number =>
  [73, 97, 121, 145].includes(modulation) ? modulation + 1 : modulation;
