import type { Millis } from '../../../agent/model/units.ts';
import type { AtRefusal } from './result.ts';

/** Who goes first when several wait; a command in flight is never overtaken. */
export const PRIORITIES = ['emergency', 'swap', 'message', 'telemetry'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** A command as the channel sees it. */
export type Question = {
  readonly id: number;
  readonly priority: Priority;
  /** Questions of the one that holds the channel go alone; emergencies go all the same. */
  readonly holder: number | undefined;
  readonly send: string;
  readonly shown: string;
  readonly payload: string | undefined;
  readonly shownPayload: string | undefined;
  readonly secrets: readonly string[];
  readonly secretAnswer: boolean;
  readonly claims: RegExp | undefined;
  readonly body: RegExp | undefined;
  readonly free: boolean;
  readonly patience: Millis;
};

/** A line of an answer; `report` when it could as well have been one (see Urc.alike). */
export type Heard = { readonly line: string; readonly report: boolean };

/** One question in flight. */
export type Asking = {
  readonly at: 'asking';
  readonly question: Question;
  readonly heard: readonly Heard[];
  /** The command came back as an echo: what was said before it is not about it. */
  readonly echoed: boolean;
  /** A claimed line was said whose body is to come. */
  readonly owesBody: boolean;
  /** The prompt came, and the text is on its way. */
  readonly prompted: boolean;
};

/**
 *            opened / deadline / canceled / restarted
 *   unproven ─────────────────────────────────────────┐
 *      │  a probe is answered: nothing older is owed  │
 *      ▼                                              │
 *    idle ◄── result code ── asking ──────────────────┘
 *
 *   unproven ── no probe is answered ──► deaf ── asked again ──► unproven
 */
export type Phase =
  | { readonly at: 'idle' }
  | Asking
  | { readonly at: 'unproven'; readonly probe: number; readonly tries: number; readonly seen: boolean }
  | { readonly at: 'deaf' }
  | { readonly at: 'lost' };

export type ChannelState = {
  readonly phase: Phase;
  readonly rest: string;
  /** A report whose PDU is to come. */
  readonly head: string | undefined;
  readonly queue: readonly Question[];
  readonly holder: number | undefined;
  /** Echo and error codes have to be ordered before anything else. */
  readonly needsSetUp: boolean;
  /** Whether an echo says that the modem started anew: not before one command went without, and not from one that keeps it. */
  readonly echo: 'just-ordered-off' | 'off' | 'kept';
  /** The next probe that is not owed an answer. */
  readonly nextProbe: number;
  /** The latest secrets that were sent: a late echo is masked too. */
  readonly secrets: readonly string[];
};

export type AtOutcome =
  | { readonly at: 'answered'; readonly lines: readonly string[] }
  | { readonly at: 'refused'; readonly refusal: AtRefusal }
  /** `sent` when the modem may have it: the command went out, with its text where it has one. */
  | { readonly at: 'silent' | 'canceled' | 'restarted' | 'lost'; readonly sent: boolean };

export type AtNews =
  /** `body` is the PDU of a report that has one; undefined where the modem left it out. */
  | { readonly on: 'urc'; readonly line: string; readonly body: string | undefined }
  /** A line that nobody asked for and no table knows; it may be the late answer to a question that was given up. */
  | { readonly on: 'stray'; readonly line: string }
  | { readonly on: 'restarted' }
  | { readonly on: 'deaf' }
  | { readonly on: 'lost' };

export type ChannelEvent =
  | { readonly on: 'opened' }
  | { readonly on: 'asked'; readonly question: Question }
  | { readonly on: 'heard'; readonly text: string }
  | { readonly on: 'deadline' }
  | { readonly on: 'canceled'; readonly id: number }
  | { readonly on: 'held'; readonly holder: number | undefined }
  | { readonly on: 'line-lost' };

export type ChannelEffect =
  | { readonly do: 'write'; readonly text: string }
  /** One timer; the same again replaces it. */
  | { readonly do: 'wait'; readonly for: Millis }
  | { readonly do: 'forget' }
  | { readonly do: 'end'; readonly id: number; readonly outcome: AtOutcome }
  | { readonly do: 'report'; readonly news: AtNews }
  | { readonly do: 'trace'; readonly way: '→' | '←'; readonly text: string };

export const CLOSED_CHANNEL: ChannelState = {
  phase: { at: 'lost' },
  rest: '',
  head: undefined,
  queue: [],
  holder: undefined,
  needsSetUp: true,
  echo: 'just-ordered-off',
  nextProbe: 0,
  secrets: [],
};
