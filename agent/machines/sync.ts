import { never } from '../model/never.ts';
import { type Millis, seconds } from '../model/units.ts';

/*
 *   offline ──connected──▶ greeting ──welcomed──▶ sending
 *      ▲                      │                      │
 *      └──────disconnected────┴──────────────────────┘
 *
 * The ledger is the outbox: only the central's receipt moves `received` (U-7); a PUBACK proves nothing.
 */

export type Sync =
  | { readonly at: 'offline'; readonly size: number; readonly received: number }
  | { readonly at: 'greeting'; readonly size: number; readonly received: number }
  | {
      readonly at: 'sending';
      readonly size: number;
      readonly received: number;
      readonly sent: number;
      readonly reading: boolean;
    };

export type SyncEvent =
  | { readonly on: 'connected' }
  | { readonly on: 'disconnected' }
  /** The records of before were set aside; an empty store begins. */
  | { readonly on: 'epoch-began' }
  /** The ledger holds records up to `size`, all of them durable. */
  | { readonly on: 'recorded'; readonly size: number }
  | { readonly on: 'welcomed' | 'receipt-came'; readonly upTo: number }
  /** An envelope up to `upTo` was handed to the broker; equal to what was sent before when nothing was. */
  | { readonly on: 'sent'; readonly upTo: number }
  | { readonly on: 'waited'; readonly name: 'hello' | 'receipt' };

export type SyncEffect =
  | { readonly do: 'say-hello' }
  | { readonly do: 'send-records'; readonly from: number }
  | { readonly do: 'release'; readonly upTo: number }
  | { readonly do: 'wait'; readonly name: 'hello' | 'receipt'; readonly for: Millis };

type Answer = readonly [Sync, readonly SyncEffect[]];
type At<S extends Sync['at']> = Extract<Sync, { at: S }>;

/** Records on the road without a receipt. Four full envelopes: the broker's own limits are never reached. */
const WINDOW = 400;
const HELLO_PATIENCE = seconds(10);
const RECEIPT_PATIENCE = seconds(15);

export const startSync = (size: number, received: number): Sync => ({ at: 'offline', size, received });

export function stepSync(state: Sync, event: SyncEvent): Answer {
  if (event.on === 'disconnected') return go({ at: 'offline', size: state.size, received: state.received });
  if (event.on === 'recorded') return grown(state, event.size);
  if (event.on === 'epoch-began') return beginAgain(state);
  switch (state.at) {
    case 'offline':
      return event.on === 'connected' ? greet(state) : go(state);
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
  return state.at === 'offline' ? go(empty) : greet(empty);
}

function greet(state: Sync): Answer {
  return go(
    { at: 'greeting', size: state.size, received: state.received },
    { do: 'say-hello' },
    wait('hello', HELLO_PATIENCE),
  );
}

function greeting(state: At<'greeting'>, event: SyncEvent): Answer {
  if (event.on === 'waited' && event.name === 'hello') return greet(state);
  if (event.on !== 'welcomed') return go(state);
  const received = Math.min(event.upTo, state.size);
  return sendMore(
    { at: 'sending', size: state.size, received, sent: received, reading: false },
    { do: 'release', upTo: received },
  );
}

function sending(state: At<'sending'>, event: SyncEvent): Answer {
  switch (event.on) {
    case 'connected':
      return greet(state);
    case 'sent':
      return sendMore(
        { ...state, sent: Math.max(event.upTo, state.received), reading: false },
        wait('receipt', RECEIPT_PATIENCE),
      );
    case 'receipt-came':
    case 'welcomed':
      return received(state, event.upTo);
    case 'waited':
      return resend(state, event.name);
    default:
      return go(state);
  }
}

function received(state: At<'sending'>, upTo: number): Answer {
  const heard = Math.min(upTo, state.size);
  if (heard <= state.received) return go(state);
  return sendMore({ ...state, received: heard, sent: Math.max(state.sent, heard) }, { do: 'release', upTo: heard });
}

/** No receipt in time: everything without one is sent again. */
function resend(state: At<'sending'>, name: 'hello' | 'receipt'): Answer {
  if (name !== 'receipt' || state.received === state.size || state.reading) return go(state);
  return sendMore({ ...state, sent: state.received });
}

function grown(state: Sync, size: number): Answer {
  const larger = { ...state, size: Math.max(state.size, size) };
  return larger.at === 'sending' ? sendMore(larger) : go(larger);
}

function sendMore(state: At<'sending'>, ...first: readonly SyncEffect[]): Answer {
  const idle = state.reading || state.sent >= state.size || state.sent - state.received >= WINDOW;
  if (idle) return go(state, ...first);
  return go({ ...state, reading: true }, ...first, { do: 'send-records', from: state.sent + 1 });
}

const wait = (name: 'hello' | 'receipt', patience: Millis): SyncEffect => ({ do: 'wait', name, for: patience });
const go = (state: Sync, ...effects: readonly SyncEffect[]): Answer => [state, effects];
