import { FAX_OUTCOMES } from '../t30/outcomes.ts';
import type { FaxOutcome } from './terminal-state.ts';

/** Pauses in seconds before another call, by why the one before failed; a job that has used them up is given up. */
const PAUSES = {
  /** Somebody else is served, or nobody is there yet. */
  unreached: [60, 180, 300, 600, 900],
  /** The line or the machine was bad: it may be a matter of the path that the call took. */
  broken: [60, 180, 300],
} as const;

const UNREACHED: readonly FaxOutcome[] = ['busy', 'no-answer', 'receiver-not-ready', 'one-a-minute', 'two-at-a-time'];

/**
 * Seconds until a document is tried again; undefined: never, because it would help nothing or was tried often enough.
 * @param tries calls made so far, the failed one included.
 */
export function pauseBeforeRetry(outcome: FaxOutcome, tries: number): number | undefined {
  if (!FAX_OUTCOMES[outcome].again) return undefined;
  const pauses: readonly number[] = UNREACHED.includes(outcome) ? PAUSES.unreached : PAUSES.broken;
  return pauses[tries - 1];
}
