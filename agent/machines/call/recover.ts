import type { ClockBlock, Dialog, LedgerRecord, Reservation } from '../../model/record.ts';
import { millis, seconds } from '../../model/units.ts';
import { detail, secondsSince } from './detail.ts';
import { creditTimers, watch } from './talking.ts';
import {
  type Call,
  type CallEffect,
  type CallFacts,
  type CallRules,
  heardAt,
  longestOf,
  type Told,
  wait,
} from './words.ts';

/** A call that the ledger opened and has not closed: what is known of it after a restart. */
export type OpenCall = {
  readonly told: Told;
  readonly answeredAt: ClockBlock | undefined;
  /** As in `Talk`; absent while the call has one dialog. */
  readonly forks?: readonly Dialog[];
  readonly leftForks?: readonly Dialog[];
  readonly reserved: Reservation;
  /** Clock of the last record that speaks of the call. */
  readonly lastSeen: ClockBlock;
};

export type OpenCalls = ReadonlyMap<string, OpenCall>;

/** Folds one record into the calls that are open after it. */
export function noteOpenCall(open: OpenCalls, record: LedgerRecord): OpenCalls {
  const { event, clock } = record;
  if (event.kind === 'call-admitted') return new Map(open).set(event.call, openedBy(event, clock));
  if (!('call' in event)) return open;
  const call = open.get(event.call);
  if (call === undefined) return open;
  const next = new Map(open);
  switch (event.kind) {
    case 'call-ended':
      next.delete(event.call);
      return next;
    case 'call-extended':
      return next.set(event.call, { ...call, reserved: sum(call.reserved, event.reserved), lastSeen: clock });
    case 'call-answered': {
      const told = { ...call.told, dialog: event.dialog, media: event.media ?? undefined };
      return next.set(event.call, { ...call, told, answeredAt: clock, lastSeen: clock });
    }
    case 'call-changed': {
      const { dialog, media, forks, leftForks } = event;
      const told = { ...call.told, dialog, media: media ?? undefined };
      return next.set(event.call, { ...call, told, forks, leftForks, lastSeen: clock });
    }
    default:
      return open;
  }
}

function openedBy(event: Extract<LedgerRecord['event'], { kind: 'call-admitted' }>, clock: ClockBlock): OpenCall {
  const { call, direction, caller, called, link, dialog, reserved } = event;
  const facts: CallFacts = { call, direction, caller, called, class: event.class, startedAt: clock };
  return {
    told: { facts, dialog, links: [link], media: event.media ?? undefined },
    answeredAt: undefined,
    reserved,
    lastSeen: clock,
  };
}

const sum = (a: Reservation, b: Reservation): Reservation => ({
  bundleSeconds: a.bundleSeconds + b.bundleSeconds,
  paidSeconds: a.paidSeconds + b.paidSeconds,
  ticks: a.ticks + b.ticks,
});

/**
 * Takes up a call again. After a restart of the process alone it may still be running: it is watched by its RTP, since
 * its BYE may have been missed. After a restart of the box it is over, and only what the records prove is charged.
 */
export function recoverCall(open: OpenCall, now: ClockBlock, rules: CallRules): readonly [Call, readonly CallEffect[]] {
  const { answeredAt, lastSeen } = open;
  if (now.boot !== lastSeen.boot) return lost(open);
  const told = { ...open.told, dialog: ahead(open.told.dialog) };
  const paidSeconds = open.reserved.bundleSeconds + open.reserved.paidSeconds;
  const paidFor = paidSeconds > 0 ? paidSeconds : undefined;
  if (answeredAt === undefined) return [{ at: 'inviting', ...told, paidFor }, [wait('ringing', seconds(300))]];
  const talk: Extract<Call, { at: 'talking' }> = {
    at: 'talking',
    ...told,
    paidFor,
    answeredAt,
    asking: false,
    starved: false,
    away: true,
    expired: false,
    heard: heardAt(lastSeen),
    forks: (open.forks ?? []).map(ahead),
    leftForks: open.leftForks ?? [],
  };
  const longest = millis(Math.max(0, longestOf(told.facts, rules) - (now.mono - answeredAt.mono)));
  return [talk, [...creditTimers(talk, now, rules), wait('longest', longest), ...watch(talk)]];
}

/** Requests in the dialog that nobody recorded: sequence numbers may leap, but never go back (RFC 3261 12.2.2). */
const ahead = (dialog: Dialog): Dialog => ({
  ...dialog,
  phoneSequence: Math.min(dialog.phoneSequence + UNSEEN_REQUESTS, LARGEST_SEQUENCE),
  networkSequence: Math.min(dialog.networkSequence + UNSEEN_REQUESTS, LARGEST_SEQUENCE),
});
const UNSEEN_REQUESTS = 1_000;
/** RFC 3261 8.1.1.5: below 2^31, and one is still added for the BYE. */
const LARGEST_SEQUENCE = 2 ** 31 - 2;

function lost(open: OpenCall): readonly [Call, readonly CallEffect[]] {
  const { told, answeredAt, lastSeen } = open;
  const seconds = answeredAt === undefined ? 0 : secondsSince(answeredAt, lastSeen);
  const how = { cause: 'lost', sipStatus: 0, seconds, complete: false } as const;
  const event = detail(told, lastSeen, answeredAt === undefined ? how : { ...how, answeredAt: answeredAt.wall });
  return [{ at: 'over', facts: told.facts }, [{ do: 'record', event }, { do: 'forget' }]];
}
