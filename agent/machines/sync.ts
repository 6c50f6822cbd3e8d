import { never } from '../model/never.ts';
import { type Millis, millis, minutes, seconds } from '../model/units.ts';
import { gapSeen, nothingCame, type Pace, patienceOf, receivedAt, sentAt, startPace } from './receipt-pace.ts';

/*
 *   offline ──connected──▶ greeting ──welcomed──▶ sending
 *      ▲                      │                      │
 *      └──────disconnected────┴──────────────────────┘
 *
 * The ledger is the outbox: only the central's receipt moves `received` (U-7); a PUBACK proves nothing.
 * An envelope is cut when there is a slot for it, so that no record waits in memory:
 *   ask-slot ▶ slot-came ▶ send-records ▶ sent ▶ taken … receipt-came
 */

export type Sync =
  | { readonly at: 'offline'; readonly size: number; readonly received: number }
  /** `unanswered` hellos, or times that no receipt came: each makes the next patience longer. */
  | { readonly at: 'greeting'; readonly size: number; readonly received: number; readonly unanswered: number }
  | {
      readonly at: 'sending';
      readonly size: number;
      readonly received: number;
      readonly sent: number;
      /** A slot was asked for, or the records for it are being read. */
      readonly reading: boolean;
      readonly unanswered: number;
      /** Receipts that said nothing new since the last one that did. */
      readonly echoes: number;
      readonly pace: Pace;
    };

export type SyncEvent =
  | { readonly on: 'connected' }
  | { readonly on: 'disconnected' }
  /** The records of before were set aside; an empty store begins. */
  | { readonly on: 'epoch-began' }
  /** The ledger holds records up to `size`, all of them durable. */
  | { readonly on: 'recorded'; readonly size: number }
  /** `now` is monotonic, here and below. */
  | { readonly on: 'welcomed' | 'receipt-came'; readonly upTo: number; readonly now: Millis }
  | { readonly on: 'slot-came' }
  /** An envelope was handed to the connection; `upTo` below `from` when nothing was. */
  | { readonly on: 'sent'; readonly from: number; readonly upTo: number; readonly now: Millis }
  /** What the broker said of an envelope. */
  | { readonly on: 'taken' | 'refused' }
  | { readonly on: 'waited'; readonly name: 'hello' | 'receipt' };

export type SyncEffect =
  | { readonly do: 'say-hello' }
  | { readonly do: 'ask-slot' }
  | { readonly do: 'send-records'; readonly from: number }
  | { readonly do: 'release'; readonly upTo: number }
  | { readonly do: 'wait'; readonly name: 'hello' | 'receipt'; readonly for: Millis };

type Answer = readonly [Sync, readonly SyncEffect[]];
type At<S extends Sync['at']> = Extract<Sync, { at: S }>;

const HELLO_PATIENCE = seconds(10);
const LONGEST_HELLO_PATIENCE = minutes(5);
/** The broker refused an envelope: it is not asked again at once. */
const REFUSED_PATIENCE = seconds(1);
const LONGEST_REFUSED_PATIENCE = minutes(15);
/** So many receipts that say nothing new mean that an envelope in between was lost. One alone may be a doubled message. */
const ECHOES_OF_A_GAP = 2;

export const startSync = (size: number, received: number): Sync => ({ at: 'offline', size, received });

export function stepSync(state: Sync, event: SyncEvent): Answer {
  if (event.on === 'disconnected') return go({ at: 'offline', size: state.size, received: state.received });
  if (event.on === 'recorded') return grown(state, event.size);
  if (event.on === 'epoch-began') return beginAgain(state);
  switch (state.at) {
    case 'offline':
      return event.on === 'connected' ? greet(state, 0) : go(state);
    case 'greeting':
      return greeting(state, event);
    case 'sending':
      return sending(state, event);
    default:
      return never(state);
  }
}

function beginAgain(state: Sync): Answer {
  const empty = startSync(0, 0);
  return state.at === 'offline' ? go(empty) : greet(empty, 0);
}

function greet({ size, received }: Sync, unanswered: number): Answer {
  const patience = doubled(HELLO_PATIENCE, unanswered, LONGEST_HELLO_PATIENCE);
  return go({ at: 'greeting', size, received, unanswered }, { do: 'say-hello' }, wait('hello', patience));
}

function greeting(state: At<'greeting'>, event: SyncEvent): Answer {
  if (event.on === 'waited' && event.name === 'hello') return greet(state, state.unanswered + 1);
  if (event.on !== 'welcomed') return go(state);
  const received = Math.min(event.upTo, state.size);
  return sendMore(
    {
      ...{ at: 'sending', size: state.size, received, sent: received },
      ...{ reading: false, unanswered: 0, echoes: 0, pace: startPace },
    },
    { do: 'release', upTo: received },
  );
}

function sending(state: At<'sending'>, event: SyncEvent): Answer {
  switch (event.on) {
    case 'connected':
      return greet(state, 0);
    case 'slot-came':
      return slotCame(state);
    case 'sent':
      return sent(state, event);
    case 'taken':
      return go(state, waitForReceipt(state));
    case 'refused':
      return go(state, wait('receipt', doubled(REFUSED_PATIENCE, state.unanswered, LONGEST_REFUSED_PATIENCE)));
    case 'receipt-came':
      return received(state, event);
    case 'welcomed':
      // The central is back: what it may have missed is sent without waiting for the rest of a long patience.
      return received(state.unanswered > 0 ? rewound(state, 0) : state, event);
    case 'waited':
      return resend(state, event.name);
    default:
      return go(state);
  }
}

/** What there was to send may have been received by other ways since the slot was asked for. */
function slotCame(state: At<'sending'>): Answer {
  if (!state.reading) return go(state);
  if (state.sent >= state.size) return go({ ...state, reading: false });
  return go(state, { do: 'send-records', from: state.sent + 1 });
}

/** What was read before a resend began does not hide the records in front of it. */
function sent(state: At<'sending'>, { from, upTo, now }: Extract<SyncEvent, { on: 'sent' }>): Answer {
  const after = { ...state, reading: false };
  if (upTo < from) return go(after, waitForReceipt(state));
  if (from !== state.sent + 1) return sendMore(after);
  const pace = state.unanswered > 0 ? state.pace : sentAt(state.pace, upTo, now);
  return sendMore({ ...after, sent: upTo, pace });
}

function received(state: At<'sending'>, { upTo, now }: { readonly upTo: number; readonly now: Millis }): Answer {
  const heard = Math.min(upTo, state.size);
  if (heard > state.received) {
    const pace = receivedAt(state.pace, heard, heard - state.received, now);
    const further = { ...state, received: heard, sent: Math.max(state.sent, heard), unanswered: 0, echoes: 0, pace };
    const rest = further.sent > heard ? [waitForReceipt(further)] : [];
    return sendMore(further, { do: 'release', upTo: heard }, ...rest);
  }
  if (heard < state.received || state.sent === state.received) return sendMore(state);
  const echoes = state.echoes + 1;
  // Once for each gap: the echoes of what is sent again do not make it be sent again.
  if (echoes !== ECHOES_OF_A_GAP) return sendMore({ ...state, echoes });
  return sendMore({ ...rewound(state, 1), echoes, pace: gapSeen(state.pace, state.sent - state.received) });
}

/** No receipt in time: the first envelope without one is sent again, the rest when that has its receipt. */
function resend(state: At<'sending'>, name: 'hello' | 'receipt'): Answer {
  if (name !== 'receipt' || state.received === state.size) return go(state);
  const { pace: before, unanswered } = state;
  // RFC 5681, 3.1: what is sent for the second time says nothing new of the path.
  const pace = unanswered > 0 ? before : nothingCame(before, state.sent - state.received);
  const again = { ...rewound(state, unanswered + 1), pace };
  return state.reading ? go(again, waitForReceipt(again)) : sendMore(again);
}

const rewound = (state: At<'sending'>, unanswered: number): At<'sending'> => ({
  ...state,
  sent: state.received,
  unanswered,
});

function grown(state: Sync, size: number): Answer {
  const larger = { ...state, size: Math.max(state.size, size) };
  return larger.at === 'sending' ? sendMore(larger) : go(larger);
}

function sendMore(state: At<'sending'>, ...first: readonly SyncEffect[]): Answer {
  const most = state.unanswered > 0 ? 1 : state.pace.window;
  const idle = state.reading || state.sent >= state.size || state.sent - state.received >= most;
  if (idle) return go(state, ...first);
  return go({ ...state, reading: true }, ...first, { do: 'ask-slot' });
}

const waitForReceipt = ({ unanswered, pace }: At<'sending'>): SyncEffect =>
  wait('receipt', patienceOf(pace, unanswered));

const doubled = (first: Millis, times: number, longest: Millis): Millis =>
  millis(Math.min(longest, first * 2 ** Math.min(times, 16)));
const wait = (name: 'hello' | 'receipt', patience: Millis): SyncEffect => ({ do: 'wait', name, for: patience });
const go = (state: Sync, ...effects: readonly SyncEffect[]): Answer => [state, effects];
