import type { CallEnded, CallQuality, LedgerEvent } from '../model/record.ts';

/** What the records say of calls and faxes: bounded, and nothing of it is billed. Counts are of this life of the agent. */
export type VoiceBook = {
  readonly live: readonly LiveCall[];
  /** The newest last. */
  readonly log: readonly LoggedCall[];
  /** Counts by line, as the site knows its numbers. */
  readonly lines: Readonly<Record<string, LineCounts>>;
  readonly faxes: Readonly<Record<string, FaxCounts>>;
  readonly faxesNow: readonly { readonly fax: string; readonly direction: 'sent' | 'received' }[];
  readonly logged: number;
};

export type LiveCall = {
  readonly call: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly caller: string;
  readonly called: string;
  readonly link: string;
  /** Unix ms. */
  readonly startedAt: number;
  readonly answered: boolean;
};

export type LoggedCall = {
  /** From 1: numbers are never used twice in one life. */
  readonly number: number;
  readonly ended: Pick<
    CallEnded,
    | 'call'
    | 'direction'
    | 'caller'
    | 'called'
    | 'startedAt'
    | 'answeredAt'
    | 'seconds'
    | 'cause'
    | 'sipStatus'
    | 'codec'
  >;
  readonly quality?: Pick<CallQuality, 'sent' | 'heard' | 'networkRoundTripMicros'> | undefined;
};

export type WayCounts = {
  readonly begun: number;
  readonly connected: number;
  readonly failed: number;
  readonly dropped: number;
  readonly seconds: number;
};
export type LineCounts = {
  readonly incoming: WayCounts;
  readonly outgoing: WayCounts;
  /** RTP that the kernel of the box passed on for the line. */
  readonly media: {
    readonly sent: number;
    readonly received: number;
    readonly sentOctets: number;
    readonly receivedOctets: number;
  };
};
export type FaxCounts = {
  readonly sent: number;
  readonly received: number;
  readonly failed: number;
  readonly pagesSent: number;
  readonly pagesReceived: number;
};

export const EMPTY_VOICE_BOOK: VoiceBook = { live: [], log: [], lines: {}, faxes: {}, faxesNow: [], logged: 0 };

/** Calls that support can look back on; the ledger has them all. */
export const MOST_LOGGED = 50;

/** Folds one record. `lineOf`: the line of the site that a number is, however it was dialed; undefined where it is none. */
export function noteVoice(
  book: VoiceBook,
  event: LedgerEvent,
  { at, lineOf }: { readonly at: number; readonly lineOf: (number: string) => string | undefined },
): VoiceBook {
  switch (event.kind) {
    case 'call-admitted': {
      const { call, direction, caller, called, link } = event;
      const begun = { call, direction, caller, called, link, startedAt: at, answered: false };
      return { ...book, live: [...book.live, begun] };
    }
    case 'call-answered':
      return { ...book, live: book.live.map((one) => (one.call === event.call ? { ...one, answered: true } : one)) };
    case 'call-ended':
      return ended(book, event, lineOf);
    case 'call-quality':
      return judged(book, event, lineOf);
    case 'fax-begun':
      return { ...book, faxesNow: [...book.faxesNow, { fax: event.fax, direction: event.direction }] };
    case 'fax-ended':
      return faxEnded(book, event);
    default:
      return book;
  }
}

function ended(book: VoiceBook, event: CallEnded, lineOf: (number: string) => string | undefined): VoiceBook {
  const { call, direction, caller, called, startedAt, answeredAt, seconds, cause, sipStatus, codec } = event;
  const kept = { call, direction, caller, called, startedAt, answeredAt, seconds, cause, sipStatus, codec };
  const logged = book.logged + 1;
  const log = [...book.log, { number: logged, ended: kept }].slice(-MOST_LOGGED);
  const line = lineOf(direction === 'outgoing' ? caller : called);
  const live = book.live.filter((one) => one.call !== call);
  if (line === undefined) return { ...book, live, log, logged };
  const counts = book.lines[line] ?? NO_CALLS;
  const way = counted(counts[direction], event);
  return { ...book, live, log, logged, lines: { ...book.lines, [line]: { ...counts, [direction]: way } } };
}

function judged(book: VoiceBook, event: CallQuality, lineOf: (number: string) => string | undefined): VoiceBook {
  const { call, sent, heard, networkRoundTripMicros } = event;
  const found = book.log.find(({ ended }) => ended.call === call)?.ended;
  if (found === undefined) return book;
  const quality = { sent, heard, ...(networkRoundTripMicros === undefined ? {} : { networkRoundTripMicros }) };
  const log = book.log.map((one) => (one.ended.call === call ? { ...one, quality } : one));
  const line = lineOf(found.direction === 'outgoing' ? found.caller : found.called);
  if (line === undefined) return { ...book, log };
  const counts = book.lines[line] ?? NO_CALLS;
  const media = {
    sent: counts.media.sent + (sent.counters?.packets ?? 0),
    received: counts.media.received + (heard.counters?.packets ?? 0),
    sentOctets: counts.media.sentOctets + (sent.counters?.octets ?? 0),
    receivedOctets: counts.media.receivedOctets + (heard.counters?.octets ?? 0),
  };
  return { ...book, log, lines: { ...book.lines, [line]: { ...counts, media } } };
}

const NO_WAY: WayCounts = { begun: 0, connected: 0, failed: 0, dropped: 0, seconds: 0 };
export const NO_CALLS: LineCounts = {
  ...{ incoming: NO_WAY, outgoing: NO_WAY },
  media: { sent: 0, received: 0, sentOctets: 0, receivedOctets: 0 },
};

/** TR-104: failed before it was connected, or dropped afterwards by something other than one of the two. */
function counted(counts: WayCounts, { answeredAt, cause, seconds }: CallEnded): WayCounts {
  const connected = answeredAt !== null;
  const isWhole = cause === 'caller-hung-up' || cause === 'called-hung-up';
  const wasFree = cause === 'not-answered' || cause === 'busy' || cause === 'canceled';
  return {
    begun: counts.begun + 1,
    connected: counts.connected + (connected ? 1 : 0),
    failed: counts.failed + (connected || wasFree ? 0 : 1),
    dropped: counts.dropped + (connected && !isWhole ? 1 : 0),
    seconds: counts.seconds + seconds,
  };
}

const NO_FAX: FaxCounts = { sent: 0, received: 0, failed: 0, pagesSent: 0, pagesReceived: 0 };

function faxEnded(book: VoiceBook, event: Extract<LedgerEvent, { kind: 'fax-ended' }>): VoiceBook {
  const { fax, line, direction, outcome, pages } = event;
  const counts = book.faxes[line] ?? NO_FAX;
  const isWhole = outcome === 'all-confirmed';
  const pagesNow = direction === 'sent' ? 'pagesSent' : 'pagesReceived';
  const next = {
    ...counts,
    ...(isWhole ? { [direction]: counts[direction] + 1 } : { failed: counts.failed + 1 }),
    [pagesNow]: counts[pagesNow] + pages,
  };
  const faxesNow = book.faxesNow.filter((one) => one.fax !== fax);
  return { ...book, faxesNow, faxes: { ...book.faxes, [line]: next } };
}
