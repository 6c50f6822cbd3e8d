import { type Millis, minutes } from '../model/units.ts';
import type { SmsAddress } from './address.ts';
import { readPdu, type StatusReport } from './read-pdu.ts';
import type { ServiceTime } from './service-time.ts';

/** A message that came, whole or as much of it as came. */
export type Received = {
  readonly from: SmsAddress;
  readonly sent: ServiceTime | undefined;
  readonly text: string;
  /** Numbers of parts that never came; empty for a whole message. */
  readonly missing: readonly number[];
  /** Parts that came: each was a message on the radio. */
  readonly parts: number;
  /** A message for a program, or one that could not be read: its octets as they are, hexadecimal. */
  readonly raw: string | undefined;
};

/** A part kept until its message is whole. */
type Fragment = { readonly number: number; readonly text: string };
type Assembly = {
  readonly key: string;
  readonly from: SmsAddress;
  readonly sent: ServiceTime | undefined;
  readonly total: number;
  readonly fragments: readonly Fragment[];
  readonly since: Millis;
};

export type Inbox = {
  readonly assemblies: readonly Assembly[];
  /** What was taken in lately: read again after a power cut between keeping and erasing, it is not told twice. */
  readonly known: readonly string[];
};

export type InboxEvent =
  | { readonly on: 'stored-read'; readonly index: number; readonly pdu: string; readonly now: Millis }
  | { readonly on: 'time-passed'; readonly now: Millis };

/** What is told is written to disk together with the inbox, and only then its place erased. */
export type InboxEffect =
  | { readonly do: 'tell'; readonly message: Received }
  | { readonly do: 'tell-report'; readonly report: StatusReport }
  | { readonly do: 'erase'; readonly index: number };

export const EMPTY_INBOX: Inbox = { assemblies: [], known: [] };

type Step = readonly [Inbox, readonly InboxEffect[]];

/** A network gives the parts of a message up after days; what came of it is told after one. */
const PARTS_PATIENCE = minutes(24 * 60);
const KNOWN_KEPT = 256;
/** Strangers send what they like: so many half messages at most, the oldest told first. */
const MOST_ASSEMBLIES = 64;

/**
 * S-11: whatever lies in the storage is taken in and erased, so that it never fills up: messages, parts of messages out of
 * order and twice, reports, and what cannot be read, which is told as it is. Nothing is lost and nothing told twice.
 */
export function stepInbox(state: Inbox, event: InboxEvent): Step {
  if (event.on === 'time-passed') return expire(state, event.now);
  const { index, pdu, now } = event;
  const erase: InboxEffect = { do: 'erase', index };
  if (state.known.includes(pdu)) return [state, [erase]];
  const [after, effects] = take({ ...state, known: [pdu, ...state.known].slice(0, KNOWN_KEPT) }, pdu, now);
  return [after, [...effects, erase]];
}

function take(state: Inbox, pdu: string, now: Millis): Step {
  const read = readPdu(pdu);
  // A message of our own that somebody stored: it takes a place, and is nobody's news.
  if (read?.is === 'submit') return [state, []];
  if (read?.is === 'report') return [state, [{ do: 'tell-report', report: read }]];
  if (read === undefined)
    return [state, [tell({ from: NOBODY, sent: undefined, text: '', missing: [], parts: 1, raw: pdu })]];
  const { from, sent, user } = read;
  const raw = user.coding === 'octets' ? pdu : undefined;
  const { part } = user;
  if (part === undefined || part.total === 1 || raw !== undefined)
    return [state, [tell({ from, sent, text: user.text, missing: [], parts: 1, raw })]];
  const key = `${from.is === 'number' ? from.digits : from.name}/${part.wide}/${part.reference}/${part.total}`;
  const fragment = { number: part.number, text: user.text };
  const before = state.assemblies.find((one) => one.key === key);
  const same = before?.fragments.find(({ number }) => number === part.number);
  // The network repeats what it believes lost.
  if (same !== undefined && same.text === fragment.text) return [state, []];
  // References come round again: another text in the same place is of another message.
  const [cleared, told] = same === undefined ? [state, []] : give(state, before);
  const begun = cleared.assemblies.find((one) => one.key === key) ?? {
    key,
    from,
    sent,
    total: part.total,
    fragments: [],
    since: now,
  };
  const grown = { ...begun, fragments: [...begun.fragments, fragment] };
  const others = cleared.assemblies.filter((one) => one.key !== key);
  const held = { ...cleared, assemblies: [...others, grown] };
  if (grown.fragments.length === grown.total) return withMore(give(held, grown), told);
  return withMore(held.assemblies.length > MOST_ASSEMBLIES ? give(held, held.assemblies[0]) : [held, []], told);
}

const withMore = ([state, effects]: Step, before: readonly InboxEffect[]): Step => [state, [...before, ...effects]];

/** Tells an assembly as far as it came. */
function give(state: Inbox, assembly: Assembly | undefined): Step {
  if (assembly === undefined) return [state, []];
  const { from, sent, total, fragments } = assembly;
  const numbers = Array.from({ length: total }, (_, at) => at + 1);
  const textAt = (number: number) => fragments.find((one) => one.number === number)?.text;
  const message: Received = {
    from,
    sent,
    text: numbers.map((number) => textAt(number) ?? '').join(''),
    missing: numbers.filter((number) => textAt(number) === undefined),
    parts: fragments.length,
    raw: undefined,
  };
  return [{ ...state, assemblies: state.assemblies.filter((one) => one !== assembly) }, [tell(message)]];
}

function expire(state: Inbox, now: Millis): Step {
  let current: Step = [state, []];
  for (const assembly of state.assemblies)
    if (assembly.since + PARTS_PATIENCE <= now) current = withMore(give(current[0], assembly), current[1]);
  return current;
}

const tell = (message: Received): InboxEffect => ({ do: 'tell', message });
const NOBODY: SmsAddress = { is: 'name', name: '' };

/** Announcements get lost, so the storage is read without one too; far within the 14 days of S-11. */
export const READ_EVERY: Millis = minutes(60);
/** With so few places left the storage is read at once, announcement or not. */
export const isNearlyFull = (memory: { readonly used: number; readonly total: number }): boolean =>
  memory.total - memory.used <= Math.max(2, Math.ceil(memory.total / 5));
