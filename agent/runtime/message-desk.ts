import { type Millis, millis } from '../model/units.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Handed, Messages } from '../ports/messages.ts';
import type { SmsAddress } from '../sms/address.ts';
import {
  EMPTY_INBOX,
  type Inbox,
  type InboxEffect,
  type InboxEvent,
  isNearlyFull,
  READ_EVERY,
  type Received,
  stepInbox,
} from '../sms/inbox.ts';
import { EMPTY_OUTBOX, type Outbox, type OutboxEffect, type OutboxEvent, stepOutbox } from '../sms/outbox.ts';
import { submissionPdus } from '../sms/submit.ts';

/** All that the desk has to know after a power cut. */
export type DeskState = { readonly inbox: Inbox; readonly outbox: Outbox; readonly reference: number };

export type DeskNews =
  | { readonly on: 'message-received'; readonly message: Received }
  | { readonly on: 'message-settled'; readonly id: string; readonly so: 'sent' | 'failed' | 'unknown' }
  | { readonly on: 'message-reported'; readonly id: string; readonly fate: 'delivered' | 'failed' | 'none' };

export type Sending = {
  readonly id: string;
  readonly to: SmsAddress & { readonly is: 'number' };
  readonly text: string;
  readonly wantsReport: boolean;
  readonly validity?: Millis;
};

type DeskParts = {
  readonly messages: Messages;
  readonly clock: Clock;
  /** Writes state and news in one transaction; what the desk does next, such as erasing, counts on it. */
  readonly keep: (state: DeskState, news: readonly DeskNews[]) => void;
  readonly start?: DeskState;
};

export interface MessageDesk {
  /** @throws RangeError naming the field that cannot be sent; nothing of it is queued. */
  send(message: Sending): void;
  /** Takes in what lies in the storage; called when the modem announces, and by itself within the hour (S-11). */
  look(): void;
  close(): void;
}

export const EMPTY_DESK: DeskState = { inbox: EMPTY_INBOX, outbox: EMPTY_OUTBOX, reference: 0 };

/** Sends and receives short messages on a modem: the two boxes, performed (S-11). */
export function createMessageDesk(parts: DeskParts): MessageDesk {
  const works: Works = {
    ...parts,
    state: parts.start ?? EMPTY_DESK,
    looking: false,
    again: false,
    closed: false,
    timers: new Map(),
  };
  // Handed over before the cut, and nobody knows what became of it.
  if (works.state.outbox.handing) toOutbox(works, { on: 'part-lost', now: parts.clock.wall() });
  else toOutbox(works, { on: 'wait-over', now: parts.clock.wall() });
  look(works);
  return {
    send({ id, to, text, wantsReport, validity }) {
      const reference = (works.state.reference + 1) % 256;
      const submission = { to, text, reference, wantsReport, ...(validity === undefined ? {} : { validity }) };
      const pdus = submissionPdus(submission);
      works.state = { ...works.state, reference };
      toOutbox(works, { on: 'message-asked', id, to: to.digits, pdus, now: parts.clock.wall() });
    },
    look: () => look(works),
    close() {
      works.closed = true;
      for (const cancel of works.timers.values()) cancel();
    },
  };
}

type Works = DeskParts & {
  state: DeskState;
  looking: boolean;
  again: boolean;
  /** What modems still answer is nobody's any more. */
  closed: boolean;
  readonly timers: Map<'pace' | 'look', Cancel>;
};

function toOutbox(works: Works, event: OutboxEvent): void {
  if (works.closed) return;
  const [outbox, effects] = stepOutbox(works.state.outbox, event);
  works.state = { ...works.state, outbox };
  works.keep(works.state, effects.flatMap(newsOf));
  for (const effect of effects) {
    if (effect.do === 'wait')
      wait(works, 'pace', effect.for, () => toOutbox(works, { on: 'wait-over', now: works.clock.wall() }));
    if (effect.do === 'hand-over')
      works.messages.send(effect.pdu, (handed) => toOutbox(works, eventOf(handed, works.clock.wall())));
  }
}

function eventOf(handed: Handed, now: Millis): OutboxEvent {
  switch (handed.so) {
    case 'taken':
      return { on: 'part-taken', reference: handed.reference, now };
    case 'refused':
      return { on: 'part-refused', code: handed.code, now };
    case 'unknown':
      return { on: 'part-lost', now };
    case 'kept':
      return { on: 'part-kept', now };
    default:
      return handed satisfies never;
  }
}

function newsOf(effect: OutboxEffect | InboxEffect): readonly DeskNews[] {
  switch (effect.do) {
    case 'settle':
      return [{ on: 'message-settled', id: effect.id, so: effect.so }];
    case 'tell-report':
      return 'fate' in effect ? [{ on: 'message-reported', id: effect.id, fate: effect.fate }] : [];
    case 'tell':
      return [{ on: 'message-received', message: effect.message }];
    default:
      return [];
  }
}

/** One look at a time; who asks meanwhile gets another one after it. */
function look(works: Works): void {
  if (works.closed) return;
  if (works.looking) {
    works.again = true;
    return;
  }
  works.looking = true;
  wait(works, 'look', READ_EVERY, () => look(works));
  takeIn(works, { on: 'time-passed', now: works.clock.wall() });
  works.messages.stored((stored) => {
    for (const { index, pdu } of stored ?? [])
      takeIn(works, { on: 'stored-read', index, pdu, now: works.clock.wall() });
    works.messages.memory((memory) => {
      works.looking = false;
      const more =
        works.again || (stored !== undefined && stored.length > 0 && memory !== undefined && isNearlyFull(memory));
      works.again = false;
      if (more) look(works);
    });
  });
}

function takeIn(works: Works, event: InboxEvent): void {
  if (works.closed) return;
  const [inbox, effects] = stepInbox(works.state.inbox, event);
  if (inbox === works.state.inbox && effects.length === 0) return;
  works.state = { ...works.state, inbox };
  works.keep(works.state, effects.flatMap(newsOf));
  for (const effect of effects) {
    if (effect.do === 'erase') works.messages.erase(effect.index, () => undefined);
    if (effect.do === 'tell-report')
      toOutbox(works, { on: 'report-read', report: effect.report, now: works.clock.wall() });
  }
}

function wait(works: Works, name: 'pace' | 'look', delay: Millis, then: () => void): void {
  works.timers.get(name)?.();
  works.timers.set(name, works.clock.after(millis(Math.max(1, delay)), then));
}
