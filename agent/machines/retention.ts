import type { LedgerEvent } from '../model/record.ts';

/** The central held everything up to `upTo` at this time of its own clock (Unix ms). */
type Mark = { readonly at: number; readonly upTo: number };

const DAY = 86_400_000;

/** One receipt a day is written down with its time: enough to know months, and hardly any wear. */
export const markIsDue = (marks: readonly Mark[], at: number): boolean => at - (marks.at(-1)?.at ?? 0) >= DAY;

/**
 * How far records may lose their personal data (U-4, D-1): received by the central longer ago than the contract keeps
 * them, and before the cycle that is open, so that no credit hangs on them (C-3).
 */
export function erasableUpTo(marks: readonly Mark[], cycleOpenedAt: number, expired: (at: number) => boolean): number {
  const received = marks.filter((mark) => expired(mark.at)).map((mark) => mark.upTo);
  return Math.min(Math.max(0, ...received), Math.max(0, cycleOpenedAt - 1));
}

/** Who called whom and when, what somebody's SIM carried and which card a line lived on: nothing else tells of a person. */
export const isPersonal = (event: LedgerEvent): boolean =>
  PERSONAL.has(event.kind) ||
  (event.kind === 'data-counted' && (event.line !== undefined || event.iccid !== undefined));

const PERSONAL: ReadonlySet<LedgerEvent['kind']> = new Set([
  'call-admitted',
  'call-answered',
  'call-ended',
  'sim-swapped',
  'sim-lost',
  'fax-begun',
  'fax-ended',
]);
