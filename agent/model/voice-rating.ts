import type { Millis } from './units.ts';

/** `impairment` is Ie, what the codec costs without any loss; `robustness` is Bpl, how well it bears random loss. */
type CodecRating = { readonly impairment: number; readonly robustness: number };

const G711: CodecRating = { impairment: 0, robustness: 25.1 };
/**
 * ITU-T G.113 appendix I: G.711 with concealment, G.729A. The E-model used here is that of narrow band: a wide-band codec
 * (G.722, Opus) can't be better in it than G.711. The appendix has no robustness for these: what is not listed is taken
 * to bear loss like GSM-EFR (Bpl 10), an assumption of ours on the cautious side.
 */
const CODECS: Readonly<Record<string, CodecRating>> = {
  PCMA: G711,
  PCMU: G711,
  G729: { impairment: 11, robustness: 19 },
};
const NOT_LISTED: CodecRating = { impairment: 0, robustness: 10 };

/**
 * R of ITU-T G.107 with its default values, random loss, and Id after Cole and Rosenbluth (2001).
 * @param delay one-way, mouth to ear
 * @param lossPercent 0 to 100, late packets that the receiver threw away included
 * @param codec encoding name of SDP (RFC 8866 6.6), in any case of letters
 */
export function ratingFactor(delay: Millis, lossPercent: number, codec = 'PCMA'): number {
  const { impairment, robustness } = CODECS[codec.toUpperCase()] ?? NOT_LISTED;
  const delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const lossImpairment = impairment + ((95 - impairment) * lossPercent) / (lossPercent + robustness);
  return 93.2 - delayImpairment - lossImpairment;
}

/** G.107 annex B: 1 (bad) to 4.5 (nothing to complain about). Arguments as of `ratingFactor`. */
export function meanOpinion(delay: Millis, lossPercent: number, codec?: string): number {
  const factor = Math.min(100, Math.max(0, ratingFactor(delay, lossPercent, codec)));
  return Math.max(1, 1 + 0.035 * factor + 7e-6 * factor * (factor - 60) * (100 - factor));
}
