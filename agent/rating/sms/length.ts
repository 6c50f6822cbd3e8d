import type { SmsReadings } from '../../model/readings/sms.ts';
import { weightOf } from './characters.ts';

export type SmsLength =
  | {
      readonly is: 'sendable';
      /** Characters, doubles counted twice, with what is kept for STOP. */
      readonly weight: number;
      /** Each is one SMS billed. */
      readonly segments: number;
      /** What a network needs, which never parts a double character; for information only (S8). */
      readonly networkSegments: number;
    }
  | {
      readonly is: 'failed';
      readonly reason: 'empty' | 'forbidden-character' | 'too-long';
      /** Place of the first character at fault in the text in NFC, counted in code points from 0. */
      readonly position: number;
    };

/** Networth, annexe SMS Cely art. 1: one SMS holds 160 characters, a segment of a long one 153. */
const SINGLE = 160;
const SEGMENT = 153;

/**
 * Length of one SMS in segments (R-5; S1 to S12; networth, annexe SMS Cely art. 1).
 * @param stop whether the message carries the STOP mention; a message that does not say so does (S7)
 */
export function smsLength(
  text: string,
  { stop = true }: { readonly stop?: boolean | undefined },
  readings: SmsReadings,
): SmsLength {
  const reserve = stop ? readings.stop_chars : 0;
  const weights: (1 | 2)[] = [];
  let weight = 0;
  for (const character of text.normalize('NFC')) {
    const counts = weightOf(character, readings);
    if (counts === 0) return { is: 'failed', reason: 'forbidden-character', position: weights.length };
    weight += counts;
    if (weight > readings.max_weight - reserve) {
      return { is: 'failed', reason: 'too-long', position: weights.length };
    }
    weights.push(counts);
  }
  if (weights.length === 0) return { is: 'failed', reason: 'empty', position: 0 };
  const total = weight + reserve;
  if (total <= SINGLE) return { is: 'sendable', weight: total, segments: 1, networkSegments: 1 };
  return {
    is: 'sendable',
    weight: total,
    segments: Math.ceil(total / SEGMENT),
    networkSegments: unparted(weights, reserve),
  };
}

/** Segments when no double character may lie across two of them; the reserve for STOP is at the end. */
function unparted(weights: readonly (1 | 2)[], reserve: number): number {
  let full = 0;
  let used = 0;
  for (const weight of weights) {
    if (used + weight > SEGMENT) {
      full += 1;
      used = 0;
    }
    used += weight;
  }
  return full + Math.ceil((used + reserve) / SEGMENT);
}
