import type { FaxBegun, FaxEnded } from '../model/fax-events.ts';
import type { ClockBlock, LedgerRecord } from '../model/record.ts';

/** A fax that the ledger opened and has not closed. */
export type OpenFax = {
  readonly begun: FaxBegun;
  readonly startedAt: ClockBlock;
  /** Clock of the last record that speaks of it. */
  readonly lastSeen: ClockBlock;
  readonly pages: number;
};

/** A fax that went out, as the pace is judged by, and its confirmed pages. Unix ms; without an end it is under way. */
type SentFax = { readonly fax: string; readonly at: number; readonly endsAt?: number; readonly pages: number };

export type FaxTraffic = { readonly open: readonly OpenFax[]; readonly sent: readonly SentFax[] };

export const NO_FAXES: FaxTraffic = { open: [], sent: [] };

/** Beyond what any pace looks back: one more than are sent at once and in a minute. */
const SENT_KEPT = 64;

/** Folds one record into the faxes that are under way and those sent of late. */
export function noteFax(traffic: FaxTraffic, { event, clock }: LedgerRecord): FaxTraffic {
  switch (event.kind) {
    case 'epoch-opened':
      return NO_FAXES;
    case 'fax-begun': {
      const { fax, direction } = event;
      const open = [...traffic.open, { begun: event, startedAt: clock, lastSeen: clock, pages: 0 }];
      if (direction === 'received') return { ...traffic, open };
      return { open, sent: [...traffic.sent, { fax, at: clock.wall, pages: 0 }].slice(-SENT_KEPT) };
    }
    case 'fax-page': {
      const seen = { lastSeen: clock, pages: event.page };
      return {
        open: traffic.open.map((one) => (one.begun.fax === event.fax ? { ...one, ...seen } : one)),
        sent: traffic.sent.map((one) => (one.fax === event.fax ? { ...one, pages: event.page } : one)),
      };
    }
    case 'fax-ended':
      return {
        open: traffic.open.filter(({ begun }) => begun.fax !== event.fax),
        sent: traffic.sent.map((one) => (one.fax === event.fax ? { ...one, endsAt: event.endedAt } : one)),
      };
    default:
      return traffic;
  }
}

/** The end of a fax that the agent was not there for: nothing is said that its records do not prove. */
export function cutFax({ begun, startedAt, lastSeen, pages }: OpenFax): FaxEnded {
  const { kind: _, ...fax } = begun;
  const talked = pages > 0;
  return {
    kind: 'fax-ended',
    ...fax,
    begun: true,
    startedAt: startedAt.wall,
    answeredAt: talked ? startedAt.wall : null,
    endedAt: lastSeen.wall,
    seconds: talked && startedAt.boot === lastSeen.boot ? startedSeconds(lastSeen.mono - startedAt.mono) : 0,
    pages,
    ...{ rate: null, ecm: null, mended: { ppr: 0, rtn: 0 }, sipCallId: null, outcome: 'cut', complete: false },
  };
}

/** U-2: each started second counts. */
export const startedSeconds = (duration: number): number => Math.max(0, Math.ceil(duration / 1_000));
