/** `clock` in Hz, as RTCP counts jitter; `octetsPerMilli` where every packet of the codec carries the same time. */
export type CodecFacts = { readonly clock: number; readonly octetsPerMilli?: number };

const NARROW: CodecFacts = { clock: 8_000 };

/** RFC 3551 table 4 (the clock of G722 is 8,000 although it samples at 16,000), RFC 7587 4.1, RFC 4867 8.2. */
const FACTS: Readonly<Record<string, CodecFacts>> = {
  PCMA: { clock: 8_000, octetsPerMilli: 8 },
  PCMU: { clock: 8_000, octetsPerMilli: 8 },
  G722: { clock: 8_000, octetsPerMilli: 8 },
  G729: { clock: 8_000, octetsPerMilli: 1 },
  GSM: NARROW,
  ILBC: NARROW,
  AMR: NARROW,
  G723: NARROW,
  'AMR-WB': { clock: 16_000 },
  OPUS: { clock: 48_000 },
};

/** By the encoding name of SDP, in any case of letters; undefined for a codec whose clock is not known here. */
export const codecFacts = (codec: string | undefined): CodecFacts | undefined => FACTS[codec?.toUpperCase() ?? ''];
