import type { SipRequest, SipResponse } from '../model/sip-text.ts';
import type { Millis } from '../model/units.ts';
import type { Dialog } from './dialog.ts';
import type { Challenge } from './digest.ts';
import type { SessionTimer } from './session-timer.ts';
import type { Agreed } from './setting.ts';

/** Who says a thing to us: the far end by way of the operator, or the box's own guard by its policy. */
export type Speaker = 'far' | 'policy';

/** True of a call in every state. */
export type CallBase = {
  /** Random; tags, branches and cnonces are made of it, and `made` counts them. */
  readonly seed: string;
  readonly made: number;
  /** Who owns the Call-ID waits longer after glare (RFC 3261 14.1). */
  readonly role: 'caller' | 'called';
  /** UDP port of our media. */
  readonly port: number;
  /** Of the last description that we wrote. */
  readonly version: number;
  readonly challenge: Challenge | undefined;
  /** The owner of the call has heard that it is over. */
  readonly told: boolean;
  /** Last ACK of each 2xx that we had, so that one that was lost is said again. */
  readonly acks: readonly SipRequest[];
  /** Seconds that a 422 asked for. */
  readonly leastInterval: number;
};

/** Why we ask for another description. */
export type Reason = 'fax' | 'refresh' | 'moved' | 'audio-again';

/** A re-INVITE of ours that has no final response yet. */
export type Asking = {
  readonly reason: Reason;
  readonly sequence: number;
  readonly body: string;
  readonly tries: number;
};

/** A 2xx of ours that has no ACK yet; `offered` when the offer is in it. */
export type Unacked = {
  readonly sequence: number;
  readonly response: SipResponse;
  readonly again: Millis;
  readonly offered: boolean;
};

export type Confirmed = CallBase & {
  readonly at: 'confirmed';
  readonly dialog: Dialog;
  readonly agreed: Agreed | undefined;
  /** Description of ours that is in force, and the far end's that came with it. */
  readonly own: string;
  readonly theirs: string;
  readonly timer: SessionTimer | undefined;
  readonly asking: Asking | undefined;
  /** To be asked for as soon as it may be: after glare, or after the ACK. */
  readonly wanted: Reason | undefined;
  readonly tries: number;
  readonly unacked: Unacked | undefined;
  /** Hung up before it may say BYE. */
  readonly leaving: boolean;
};

export type Inviting = CallBase & {
  readonly at: 'inviting';
  readonly invite: SipRequest;
  readonly offer: string;
  /** A provisional response came, so that a CANCEL may go (RFC 3261 9.1). */
  readonly heard: boolean;
  readonly ringing: boolean;
  readonly proofs: number;
  readonly leaving: boolean;
  readonly canceled: boolean;
};

export type Call =
  | (CallBase & { readonly at: 'resting' })
  | Inviting
  | (CallBase & { readonly at: 'invited'; readonly invite: SipRequest; readonly dialog: Dialog })
  | Confirmed
  /** BYE is on its way. */
  | (CallBase & { readonly at: 'leaving'; readonly dialog: Dialog; readonly proofs: number })
  | (CallBase & { readonly at: 'over'; readonly dialog: Dialog | undefined });

export type CallEvent =
  | { readonly on: 'dialled'; readonly number: string; readonly media: Agreed['media'] }
  | { readonly on: 'invited'; readonly invite: SipRequest }
  | { readonly on: 'picked-up' | 'fax-wanted' | 'hung-up' | 'moved' }
  | { readonly on: 'declined'; readonly status: number }
  | { readonly on: 'request'; readonly request: SipRequest; readonly by: Speaker }
  | { readonly on: 'response'; readonly response: SipResponse; readonly by: Speaker }
  | { readonly on: 'timed-out'; readonly request: SipRequest }
  | { readonly on: 'waited'; readonly name: CallTimer };

/** `patience`: what hanging up may take at most; `linger`: how long messages of before may still come. */
export type CallTimer = 'answer-again' | 'no-ack' | 'glare' | 'refresh' | 'expiry' | 'patience' | 'linger';

export type CallTold =
  | { readonly on: 'ringing' | 'answered' }
  | { readonly on: 'fax-opened'; readonly agreed: Agreed }
  | { readonly on: 'fax-refused'; readonly status: number }
  | { readonly on: 'over'; readonly by: 'us' | Speaker | 'network'; readonly status: number; readonly text: string };

export type CallEffect =
  /** In a transaction of its own. */
  | { readonly do: 'request'; readonly request: SipRequest }
  /** By the transaction of its request. */
  | { readonly do: 'respond'; readonly response: SipResponse }
  /** Past all transactions: the ACK of a 2xx, and a 2xx again. */
  | { readonly do: 'send'; readonly text: SipRequest | SipResponse }
  | { readonly do: 'lead'; readonly agreed: Agreed }
  | { readonly do: 'tell'; readonly news: CallTold }
  /** At random within `spread` after `for`. */
  | { readonly do: 'wait'; readonly name: CallTimer; readonly for: Millis; readonly spread?: Millis }
  | { readonly do: 'stop-waiting'; readonly name: CallTimer }
  | { readonly do: 'forget' };

export type CallAnswer = readonly [Call, readonly CallEffect[]];
export type At<S extends Call['at']> = Extract<Call, { at: S }>;

export const go = (state: Call, ...effects: readonly CallEffect[]): CallAnswer => [state, effects];
export const wait = (name: CallTimer, patience: Millis): CallEffect => ({ do: 'wait', name, for: patience });
export const stop = (...timers: readonly CallTimer[]): readonly CallEffect[] =>
  timers.map((name) => ({ do: 'stop-waiting', name }));

/** The next branch of a call (RFC 3261 8.1.1.7). */
export const branchFor = ({ seed, made }: CallBase): string => `z9hG4bK${seed}c${made}`;
export const baseOf = (state: CallBase): CallBase => {
  const { seed, made, role, port, version, challenge, told, acks, leastInterval } = state;
  return { seed, made, role, port, version, challenge, told, acks, leastInterval };
};
