import type { Millis } from '../model/units.ts';
import type { Handed } from '../ports/messages.ts';
import type { Inbox, InboxEffect, Received } from '../sms/inbox.ts';
import type { Outbox, OutboxEffect, OutboxEvent } from '../sms/outbox.ts';

/** All that the desk has to know after a power cut. */
export type DeskState = { readonly inbox: Inbox; readonly outbox: Outbox; readonly reference: number };

export type DeskNews =
  | { readonly on: 'message-received'; readonly message: Received }
  /** `parts`: those that the network took, or may have taken. */
  | {
      readonly on: 'message-settled';
      readonly id: string;
      readonly so: 'sent' | 'failed' | 'unknown';
      readonly to: string;
      readonly parts: number;
    }
  | { readonly on: 'message-reported'; readonly id: string; readonly fate: 'delivered' | 'failed' | 'none' };

/** What became of a part that was handed over, as the outbox hears it. */
export function outboxNews(handed: Handed, now: Millis): OutboxEvent {
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

/** What somebody has to be told of an effect. */
export function newsOf(effect: OutboxEffect | InboxEffect, before: DeskState): readonly DeskNews[] {
  switch (effect.do) {
    case 'settle': {
      const { id, so } = effect;
      const message = before.outbox.queue.find((one) => one.id === id);
      const handed = (message?.taken.length ?? 0) + (so === 'failed' ? 0 : 1);
      return [{ on: 'message-settled', id, so, to: message?.to ?? '', parts: handed }];
    }
    case 'tell-report':
      return 'fate' in effect ? [{ on: 'message-reported', id: effect.id, fate: effect.fate }] : [];
    case 'tell':
      return [{ on: 'message-received', message: effect.message }];
    default:
      return [];
  }
}
