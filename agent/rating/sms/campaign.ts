import type { Class } from '../../model/destination.ts';
import type { SmsReadings, SmsTerms } from '../../model/readings/sms.ts';
import { monthOfInstant } from '../calendar/civil-month.ts';
import { whole } from '../whole.ts';
import { type SmsLength, smsLength } from './length.ts';
import { type Recipient, recipientKind } from './recipient.ts';
import { type SenderName, senderName } from './sender-name.ts';
import { leavesAt } from './window.ts';

/** One text to many. `at` is the instant at which the sender wants it to leave, in Unix milliseconds. */
export type Message = {
  readonly id: string;
  readonly at: number;
  readonly text: string;
  /** Undefined: the message says nothing of it, and the mention counts (S7). */
  readonly stop: boolean | undefined;
  /** Undefined: the shared short code. */
  readonly sender: string | undefined;
  readonly recipients: readonly {
    readonly number: string;
    readonly class: Class;
    readonly territory: string | undefined;
  }[];
};

/** What the platform knows: the terms, the monthly stock of the client, and who has answered STOP, and when. */
export type Platform = {
  readonly terms: SmsTerms;
  readonly readings: SmsReadings;
  readonly stock: number;
  readonly unsubscribed: readonly { readonly number: string; readonly at: number }[];
};

export type Sending = {
  readonly number: string;
  /** SMS billed and taken from the stock of the month; 0 when nothing is sent. */
  readonly billed: number;
  readonly outcome: 'sent' | 'sent-not-guaranteed' | 'outside' | 'unsubscribed' | 'listed-twice' | 'stock-empty';
};

export type Outcome = {
  readonly id: string;
  readonly length: SmsLength;
  readonly sender: SenderName | undefined;
  readonly leaves: 'at-once' | 'queued' | 'refused';
  /** Instant at which the message leaves, or could have left when it is refused; Unix milliseconds. */
  readonly leavesAt: number;
  readonly sendings: readonly Sending[];
  readonly billed: number;
};

/** With the instant of the first STOP of each number. */
type Known = Platform & { readonly stopped: ReadonlyMap<string, number> };

/** SMS that have left the stock, by month of Paris counted from year 0. */
type Taken = ReadonlyMap<number, number>;

/**
 * What becomes of the messages of one client, in the order in which they leave (R-6, S13; networth, annexe SMS Cely
 * art. 1, 3 and 4). The order of the list and of the recipients makes no difference.
 * @throws RangeError for a stock below 0 or beyond the most that the contract allows
 */
export function campaign(messages: readonly Message[], platform: Platform): readonly Outcome[] {
  const { most } = platform.terms.stock.value;
  if (whole(platform.stock) < 0 || platform.stock > most) {
    throw new RangeError(`stock: ${platform.stock} is not between 0 and ${most} SMS a month`);
  }
  const known = { ...platform, stopped: firstStops(platform.unsubscribed) };
  let taken: Taken = new Map();
  return messages
    .map((message) => ({ message, leaving: leavesAt(message.at, platform.terms.window) }))
    .toSorted((a, b) => a.leaving - b.leaving || a.message.at - b.message.at || byText(a.message.id, b.message.id))
    .map(({ message, leaving }) => {
      const outcome = outcomeOf(message, leaving, taken, known);
      taken = new Map(taken).set(monthOfInstant(leaving), (taken.get(monthOfInstant(leaving)) ?? 0) + outcome.billed);
      return outcome;
    });
}

function outcomeOf(message: Message, leaving: number, taken: Taken, platform: Known): Outcome {
  const length = smsLength(message.text, { stop: message.stop }, platform.readings);
  const sender =
    message.sender === undefined ? undefined : senderName(message.sender, platform.terms.sensitiveNames.value);
  const late = platform.terms.window.value.outside === 'queue' ? 'queued' : 'refused';
  const leaves = leaving === message.at ? 'at-once' : late;
  const goes = length.is === 'sendable' && sender?.is !== 'refused' && leaves !== 'refused';
  const left = platform.stock - (taken.get(monthOfInstant(leaving)) ?? 0);
  const sendings = goes ? sendingsOf(message, leaving, { segments: length.segments, left }, platform) : [];
  const billed = sendings.reduce((sum, one) => whole(sum + one.billed), 0);
  return { id: message.id, length, sender, leaves, leavesAt: leaving, sendings, billed };
}

function sendingsOf(
  message: Message,
  leaving: number,
  { segments, left }: { readonly segments: number; readonly left: number },
  platform: Known,
): readonly Sending[] {
  const written = new Set<string>();
  let rest = left;
  return message.recipients
    .toSorted((a, b) => byText(a.number, b.number))
    .map(({ number, class: destination, territory }) => {
      const kind = recipientKind(destination, territory);
      const stopped = leaving >= (platform.stopped.get(number) ?? Number.POSITIVE_INFINITY);
      const outcome = written.has(number) ? 'listed-twice' : fate(kind, stopped, segments <= rest);
      written.add(number);
      if (outcome !== 'sent' && outcome !== 'sent-not-guaranteed') return { number, billed: 0, outcome };
      rest -= segments;
      return { number, billed: segments, outcome };
    });
}

function firstStops(unsubscribed: Platform['unsubscribed']): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { number, at } of unsubscribed) first.set(number, Math.min(at, first.get(number) ?? at));
  return first;
}

function fate(kind: Recipient, stopped: boolean, affordable: boolean): Sending['outcome'] {
  if (kind === 'outside') return 'outside';
  // Art. 1: the short code is shared, so STOP to one sender is STOP to all.
  if (stopped) return 'unsubscribed';
  if (!affordable) return 'stock-empty';
  return kind === 'mobile' ? 'sent' : 'sent-not-guaranteed';
}

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
