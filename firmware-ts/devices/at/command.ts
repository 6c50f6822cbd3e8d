import type { Millis } from '../../../agent/model/units.ts';
import { seconds } from '../../../agent/model/units.ts';

/** A code or a key: it goes to the modem and nowhere else. */
type Secret = { readonly secret: string };
/** What is sent, in parts, so that what is secret is known to be (S-8). */
type AtText = readonly (string | Secret)[];

/** A command with the reader of its answer. Pure: what is said and heard, never when or on which wire. */
export type AtCommand<T> = {
  readonly send: AtText;
  /** Lines that belong to the answer. Without it the answer is the result code alone. */
  readonly claims?: RegExp;
  /** What follows a claimed line: PDUs stand on a line of their own (TS 27.005 4.1). */
  readonly body?: RegExp;
  /** The answer is free text (V.250 6.1.3): whatever is no report and does not look like one belongs to it. */
  readonly free?: true;
  /** Answers undefined as long as the lines do not hold what was asked for. */
  readonly read: (lines: readonly string[]) => T | undefined;
  readonly patience: Millis;
  /** Sent after the prompt, ended by Ctrl-Z (TS 27.005 3.5.1). */
  readonly payload?: AtText;
  /** The answer is as secret as the question. */
  readonly secretAnswer?: true;
};

/** Module vendors promise 300 ms for what the module knows by itself; a busy module takes longer. */
export const AT_ONCE = seconds(2);
/** What the card must be asked for: vendors' manuals give 5 s for +CPIN, +CLCK and +CRSM. */
export const CARD_PATIENCE = seconds(5);

/** A command whose answer is its result code. */
export const order = (send: string, patience: Millis = AT_ONCE): AtCommand<true> => ({
  send: [send],
  read: () => true,
  patience,
});

export const secret = (text: string): Secret => ({ secret: text });

/** As it goes over the wire. */
export const plainText = (text: AtText): string =>
  text.map((part) => (typeof part === 'string' ? part : part.secret)).join('');

/** As it may be shown. */
export const maskedText = (text: AtText): string =>
  text.map((part) => (typeof part === 'string' ? part : MASK)).join('');

export const secretsOf = (text: AtText): readonly string[] =>
  text.flatMap((part) => (typeof part === 'string' || part.secret === '' ? [] : [part.secret]));

export const MASK = '***';
