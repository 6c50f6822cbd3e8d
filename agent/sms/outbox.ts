import { never } from '../model/never.ts';
import { type Millis, millis, minutes, seconds } from '../model/units.ts';
import { afterSending, type Pace, waitOf } from './pace.ts';
import type { ReportedFate, StatusReport } from './read-pdu.ts';

/** A message that waits, or is under way. */
type Outgoing = {
  readonly id: string;
  readonly to: string;
  readonly pdus: readonly string[];
  /** Parts that the network has taken, with the reference of each. */
  readonly taken: readonly number[];
  readonly tries: number;
};

/** A message that the network took whole, and whose reports are awaited. */
type Awaited = {
  readonly id: string;
  readonly to: string;
  readonly parts: readonly { readonly reference: number; readonly fate: ReportedFate }[];
  readonly until: Millis;
};

export type Outbox = {
  readonly queue: readonly Outgoing[];
  readonly awaited: readonly Awaited[];
  readonly pace: Pace;
  /** A part was handed to the modem, and what became of it is not known yet. */
  readonly handing: boolean;
};

export type OutboxEvent =
  | {
      readonly on: 'message-asked';
      readonly id: string;
      readonly to: string;
      readonly pdus: readonly string[];
      readonly now: Millis;
    }
  | { readonly on: 'part-taken'; readonly reference: number; readonly now: Millis }
  | { readonly on: 'part-refused'; readonly code: number | undefined; readonly now: Millis }
  /** Nobody knows whether it left. */
  | { readonly on: 'part-lost'; readonly now: Millis }
  /** The modem was away: it never left. */
  | { readonly on: 'part-kept'; readonly now: Millis }
  | { readonly on: 'report-read'; readonly report: StatusReport; readonly now: Millis }
  | { readonly on: 'wait-over'; readonly now: Millis };

export type OutboxEffect =
  | { readonly do: 'hand-over'; readonly pdu: string }
  /** One timer; the same again replaces it. */
  | { readonly do: 'wait'; readonly for: Millis }
  /** `unknown` is not sent again: it might arrive twice. */
  | { readonly do: 'settle'; readonly id: string; readonly so: 'sent' | 'failed' | 'unknown' }
  | { readonly do: 'tell-report'; readonly id: string; readonly fate: 'delivered' | 'failed' | 'none' };

export const EMPTY_OUTBOX: Outbox = { queue: [], awaited: [], pace: [], handing: false };

type Step = readonly [Outbox, readonly OutboxEffect[]];

const MOST_TRIES = 4;
const RETRY_AFTER = seconds(30);
/** A network tries for some days unless told otherwise; after that no report comes. */
const REPORT_PATIENCE = minutes(3 * 24 * 60);

/** Sends one part at a time at the pace that the contract allows (S-11), and matches the reports that come back. */
export function stepOutbox(state: Outbox, event: OutboxEvent): Step {
  switch (event.on) {
    case 'message-asked': {
      const { id, to, pdus, now } = event;
      return next({ ...state, queue: [...state.queue, { id, to, pdus, taken: [], tries: 0 }] }, now);
    }
    case 'part-taken':
      return onTaken(state, event.reference, event.now);
    case 'part-refused':
      return onRefused(state, isTemporary(event.code), event.now);
    case 'part-kept':
      return retryLater({ ...state, handing: false });
    case 'part-lost':
      return drop(state, 'unknown', event.now);
    case 'report-read':
      return onReport(state, event.report, event.now);
    case 'wait-over':
      return next(state, event.now);
    default:
      return never(event);
  }
}

function next(state: Outbox, now: Millis): Step {
  const [current, expired] = expire(state, now);
  const [first] = current.queue;
  const pdu = first?.pdus[first.taken.length];
  if (current.handing || pdu === undefined) return [current, expired];
  const wait = waitOf(current.pace, now);
  if (wait > 0) return [current, [...expired, { do: 'wait', for: wait }]];
  return [{ ...current, handing: true, pace: afterSending(current.pace, now) }, [...expired, { do: 'hand-over', pdu }]];
}

function onTaken(state: Outbox, reference: number, now: Millis): Step {
  const [first, ...others] = state.queue;
  if (first === undefined || !state.handing) return [state, []];
  const taken = [...first.taken, reference];
  if (taken.length < first.pdus.length)
    return next({ ...state, handing: false, queue: [{ ...first, taken, tries: 0 }, ...others] }, now);
  const parts = taken.map((one) => ({ reference: one, fate: 'trying' as const }));
  const awaited = [...state.awaited, { id: first.id, to: first.to, parts, until: millis(now + REPORT_PATIENCE) }];
  const [after, effects] = next({ ...state, handing: false, queue: others, awaited }, now);
  return [after, [{ do: 'settle', id: first.id, so: 'sent' }, ...effects]];
}

function onRefused(state: Outbox, temporary: boolean, now: Millis): Step {
  const [first, ...others] = state.queue;
  if (first === undefined || !state.handing) return [state, []];
  if (!temporary || first.tries + 1 >= MOST_TRIES) return drop(state, 'failed', now);
  return retryLater({ ...state, handing: false, queue: [{ ...first, tries: first.tries + 1 }, ...others] });
}

const retryLater = (state: Outbox): Step => [state, [{ do: 'wait', for: RETRY_AFTER }]];

function drop(state: Outbox, so: 'failed' | 'unknown', now: Millis): Step {
  const [first, ...queue] = state.queue;
  if (first === undefined || !state.handing) return [state, []];
  const [after, effects] = next({ ...state, handing: false, queue }, now);
  return [after, [{ do: 'settle', id: first.id, so }, ...effects]];
}

/** References repeat after 256 messages: of those to this number the newest that still awaits one is meant. */
function onReport(state: Outbox, report: StatusReport, now: Millis): Step {
  const isMeant = (one: Awaited) =>
    sameNumber(one.to, report.to.is === 'number' ? report.to.digits : '') &&
    one.parts.some(({ reference, fate }) => reference === report.reference && fate === 'trying');
  const found = state.awaited.findLast(isMeant);
  if (found === undefined) return next(state, now);
  const part = found.parts.find(({ reference, fate }) => reference === report.reference && fate === 'trying');
  const parts = found.parts.map((one) => (one === part ? { ...one, fate: report.fate } : one));
  const fate = fateOf(parts.map((one) => one.fate));
  const awaited = state.awaited.flatMap((one) =>
    one !== found ? [one] : fate === 'trying' ? [{ ...found, parts }] : [],
  );
  const [after, effects] = next({ ...state, awaited }, now);
  return [after, fate === 'trying' ? effects : [{ do: 'tell-report', id: found.id, fate }, ...effects]];
}

const fateOf = (fates: readonly ReportedFate[]): ReportedFate =>
  fates.includes('failed') ? 'failed' : fates.includes('trying') ? 'trying' : 'delivered';

/** A report may write a number in the national form that was given in the international one, and the other way. */
const sameNumber = (one: string, other: string): boolean => {
  const [a, b] = [one, other].map((digits) => digits.replace(/^\+|^0+/g, ''));
  return (
    a !== undefined && b !== undefined && (a === b || (a.length >= 8 && b.length >= 8 && a.slice(-8) === b.slice(-8)))
  );
};

function expire(state: Outbox, now: Millis): Step {
  const over = state.awaited.filter(({ until }) => until <= now);
  if (over.length === 0) return [state, []];
  return [
    { ...state, awaited: state.awaited.filter(({ until }) => until > now) },
    over.map(({ id }) => ({ do: 'tell-report', id, fate: 'none' })),
  ];
}

/**
 * TS 24.011 E.2 by way of TS 27.005 3.2.5: out of order, temporary failure, congestion, no resources; 331 and 332 are no
 * service and timeout, and 500 is what modems say when they do not know. The rest says that it will never be taken.
 */
const isTemporary = (code: number | undefined): boolean =>
  code === undefined || [38, 41, 42, 47, 192, 314, 331, 332, 500].includes(code);
