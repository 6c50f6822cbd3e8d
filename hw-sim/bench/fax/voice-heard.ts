import { quantiles } from '../failover/heard.ts';

/** What one end of a voice stream has sent since it was marked, and heard of the other: delays in microseconds. */
export type VoiceNotes = {
  readonly sent: number;
  readonly notes: readonly (readonly [sequence: number, delay: number])[];
};

export type VoiceHeard = {
  readonly packets: number;
  /** Numbers that are missing between the first and the last. */
  readonly lost: number;
  /** From the send to the other end's hearing, in microseconds. */
  readonly delay: ReturnType<typeof quantiles>;
};

/** Both directions together. */
export function voiceHeard(ends: readonly VoiceNotes[]): VoiceHeard {
  const lost = ends.map(({ notes }) => {
    const numbers = new Set(notes.map(([sequence]) => sequence));
    return numbers.size === 0 ? 0 : Math.max(...numbers) - Math.min(...numbers) + 1 - numbers.size;
  });
  const delays = ends.flatMap(({ notes }) => notes.map(([, delay]) => delay));
  return { packets: delays.length, lost: lost.reduce((sum, one) => sum + one, 0), delay: quantiles(delays) };
}
