import type { Class } from '../../model/destination.ts';
import type { ClockBlock, Dialog, EndCause, LedgerEvent, Reservation } from '../../model/record.ts';
import type { MediaView, SipView } from '../../model/sip-view.ts';
import { type Millis, millis } from '../../model/units.ts';

/** What was decided about a call before its INVITE may pass. */
export type Admission =
  | {
      readonly may: 'pass';
      readonly gated: boolean;
      readonly reserved: Reservation;
      readonly seconds: number | undefined;
    }
  | {
      readonly may: 'not-pass';
      readonly cause: Extract<EndCause, `refused-${string}`>;
    };

/** What stays true of a call all its life. */
export type CallFacts = {
  readonly call: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly caller: string;
  readonly called: string;
  readonly class: Class;
  readonly startedAt: ClockBlock;
  /** the longest time of the service called; absent where it has none. */
  readonly longestService?: Millis;
};

/** `media` is where the phone wants its RTP, the key by which the kernel knows the call. */
export type Told = {
  readonly facts: CallFacts;
  readonly dialog: Dialog;
  readonly links: readonly string[];
  readonly media: MediaView | undefined;
  /** An offer of the phone that the other side has not accepted yet (RFC 3264 8). */
  readonly offered?: { readonly sequence: number; readonly media: MediaView } | undefined;
};

/** `paidFor` is undefined for a call that needs no credit. `away`: the agent was not in the path, so a BYE may have been missed. */
export type Talk = Told & {
  readonly answeredAt: ClockBlock;
  readonly paidFor: number | undefined;
  readonly asking: boolean;
  /** It asked for more, and there was none: as soon as the account changes it asks again. */
  readonly starved: boolean;
  readonly away: boolean;
  /** Nobody refreshed its session in time (RFC 4028). */
  readonly expired: boolean;
  /** When its RTP was last known to run. */
  readonly heard: Heard;
  /** Other dialogs of the same INVITE that were answered as well (RFC 3261 13.2.2.4). */
  readonly forks?: readonly Dialog[];
  /** Those of its dialogs that were left: their 2xx may still come once more. */
  readonly leftForks?: readonly Dialog[];
};
type Heard = { readonly mono: Millis; readonly wall: Millis };

export type Call =
  | (Told & { readonly at: 'admitting'; readonly paidFor: number | undefined })
  | (Told & { readonly at: 'inviting'; readonly paidFor: number | undefined })
  | (Talk & { readonly at: 'talking' })
  | { readonly at: 'refusing'; readonly facts: CallFacts; readonly tries: number }
  | (Told & { readonly at: 'cutting'; readonly tries: number; readonly unanswered: readonly ('phone' | 'network')[] })
  /** `left`: the dialog that the phone says it has left; the far end has not agreed yet. */
  | { readonly at: 'over'; readonly facts: CallFacts; readonly left?: Dialog };

export type CallEvent =
  | {
      readonly on: 'invited';
      readonly facts: CallFacts;
      readonly admission: Admission;
      readonly view: SipView;
      readonly media: MediaView | undefined;
      readonly dialog: Pick<Dialog, 'phone' | 'server'>;
      readonly link: string;
    }
  | {
      readonly on: 'sip';
      readonly from: 'phone' | 'network';
      readonly view: SipView;
      readonly media: MediaView | undefined;
      readonly now: ClockBlock;
    }
  /** Answer to a BYE of the box's own. */
  | { readonly on: 'bye-answered'; readonly from: 'phone' | 'network' }
  | { readonly on: 'recorded'; readonly what: 'admission' | 'extension'; readonly seconds: number }
  | { readonly on: 'credit-given'; readonly reserved: Reservation; readonly seconds: number }
  | { readonly on: 'account-changed' }
  | { readonly on: 'link-changed'; readonly link: string }
  /** SIP went past the agent for a while: it hung, and the straight path was opened (V-1). */
  | { readonly on: 'was-away' }
  /** The kernel did or did not see the phone's RTP lately. */
  | { readonly on: 'media-checked'; readonly heard: boolean; readonly now: ClockBlock }
  | { readonly on: 'waited'; readonly name: TimerName; readonly now: ClockBlock };

export type TimerName = 'credit' | 'cut' | 'longest' | 'ringing' | 'linger' | 'repeat' | 'media' | 'session';

export type CallEffect =
  | { readonly do: 'forward' }
  | { readonly do: 'hold' }
  | { readonly do: 'forward-held' }
  | { readonly do: 'refuse'; readonly cause: Extract<Admission, { may: 'not-pass' }>['cause'] }
  | { readonly do: 'repeat-refusal' }
  | {
      readonly do: 'send-bye';
      readonly to: 'phone' | 'network';
      readonly dialog: Dialog;
      readonly direction: CallFacts['direction'];
      /** Which of several dialogs of the call, so that each BYE is a transaction of its own. */
      readonly fork?: number;
    }
  | {
      readonly do: 'record';
      readonly event: LedgerEvent;
      readonly mark?: { readonly what: 'admission' | 'extension'; readonly seconds: number };
    }
  | { readonly do: 'ask-credit' }
  | { readonly do: 'check-media'; readonly media: MediaView }
  | { readonly do: 'wait'; readonly name: TimerName; readonly for: Millis }
  | { readonly do: 'stop-waiting'; readonly name: TimerName }
  | { readonly do: 'forget' };

export type CallRules = {
  /** V-2, or the stated default of four hours where a contract sets none. */
  readonly longest: Millis;
  /** C-4 */
  readonly cutRunningCalls: boolean;
};

/** How long a call may last: V-2, and R-3 where that is less. */
export const longestOf = ({ longestService }: CallFacts, { longest }: CallRules): Millis =>
  longestService !== undefined && longestService < longest ? longestService : longest;

export type Answer = readonly [Call, readonly CallEffect[]];
export type At<S extends Call['at']> = Extract<Call, { at: S }>;

export const wait = (name: TimerName, patience: Millis): CallEffect => ({ do: 'wait', name, for: patience });
export const go = (state: Call, ...effects: readonly CallEffect[]): Answer => [state, effects];
export const heardAt = ({ mono, wall }: ClockBlock): Heard => ({ mono: millis(mono), wall: millis(wall) });
export const withLink = (links: readonly string[], link: string): readonly string[] =>
  links.at(-1) === link ? links : [...links, link];
