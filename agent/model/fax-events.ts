import { z } from 'zod';
import { ClassSchema } from './destination.ts';

const count = z.int().min(0);
const id = z.string().min(1).max(200);
const direction = z.enum(['sent', 'received']);

/** How a fax may end (U-1); the client reads a sentence for each (agent/fax/t30/outcomes.ts). Never renamed, never reused. */
export const FAX_OUTCOME_CODES = [
  'all-confirmed',
  'busy',
  'no-answer',
  'no-fax-heard',
  'no-command-heard',
  'training-failed',
  'no-page-heard',
  'page-unanswered',
  'page-refused',
  'correction-failed',
  'receiver-not-ready',
  'disconnected',
  'hung-up',
  'network-silent',
  'network-refused-fax',
  'incompatible',
  'cannot-receive',
  'nothing-to-poll',
  'machine-stopped',
  'machine-silent',
  'cap-reached',
  'one-a-minute',
  'two-at-a-time',
  'suspended',
  'limit-reached',
  'mass-fax',
  'number-barred',
  'number-unknown',
  'no-room-for-record',
  'call-refused',
  'not-reached',
  'cut',
] as const;
export type FaxOutcomeCode = (typeof FAX_OUTCOME_CODES)[number];

/** What every record of a fax says of it. `party` as it was dialed, or as the caller presented itself; empty where withheld. */
const fax = {
  fax: id,
  direction,
  /** The fax line, E.164. */
  line: z.string().max(200),
  party: z.string().max(200),
  class: ClassSchema,
} as const;

/** What the record of a site says of its faxes (X-5, U-1). */
export const FAX_EVENTS = [
  /** Let through by the box: the next thing that happens is the call. */
  z.strictObject({ kind: z.literal('fax-begun'), ...fax }),
  /**
   * the reception of one page more was confirmed (MCF or RTP behind the end of a page). It is on the medium before the machine
   * is told.
   */
  z.strictObject({ kind: z.literal('fax-page'), fax: id, direction, page: count.min(1).max(10_000) }),
  /** The detail record of a fax. One that was refused has no `fax-begun`. */
  z.strictObject({
    kind: z.literal('fax-ended'),
    ...fax,
    /** False: refused by the box before it dialed or rang. */
    begun: z.boolean(),
    startedAt: count,
    answeredAt: count.nullable(),
    endedAt: count,
    /** From answer to release, each started second counted; 0 without an answer. */
    seconds: count,
    /** Confirmed ones. */
    pages: count.max(10_000),
    /** Bits per second and error correction of the last agreement of the machines; null where they never agreed. */
    rate: count.nullable(),
    ecm: z.boolean().nullable(),
    /** What the machines mended between them: pages asked for again in part (PPR), and in whole (RTN). */
    mended: z.strictObject({ ppr: count, rtn: count }),
    /** SIP Call-ID; null where there was no call. */
    sipCallId: z.string().max(400).nullable(),
    outcome: z.enum(FAX_OUTCOME_CODES),
    /** False when the agent was not there for all of the fax: pages are those whose record was written. */
    complete: z.boolean(),
  }),
] as const;

type FaxEvent = z.infer<(typeof FAX_EVENTS)[number]>;
export type FaxBegun = Extract<FaxEvent, { kind: 'fax-begun' }>;
export type FaxPage = Extract<FaxEvent, { kind: 'fax-page' }>;
export type FaxEnded = Extract<FaxEvent, { kind: 'fax-ended' }>;
