import { never } from '../model/never.ts';
import { onConfirmed } from './call-confirmed.ts';
import { onLeaving, onOver } from './call-ends.ts';
import { onInvited, ring } from './call-invited.ts';
import { dial, onInviting } from './call-inviting.ts';
import { type Call, type CallAnswer, type CallEvent, go } from './call-words.ts';
import { LEAST_INTERVAL } from './session-timer.ts';
import type { Setting } from './setting.ts';

/*
 *   resting ──dialled──▶ inviting ──2xx──▶ confirmed ──hung-up, lost──▶ leaving ──BYE answered──▶ over ──▶ forgotten
 *      └──invited──▶ invited ──picked-up──────▲  └──────BYE heard──────────────────────────────────▲
 *                        └──declined, CANCEL, 3xx–6xx, silence─────────────────────────────────────┘
 *
 *   Inside confirmed: at most one offer of ours (`asking`), one answer that waits for its ACK (`unacked`), and one thing
 *   more that is to be asked for after them (`wanted`).
 */

/** A call of a fax line: SIP dialog, offers and answers (RFC 3261, 3264, 4028). `seed` is random, 16 hex digits at least. */
export const startCall = (seed: string, role: 'caller' | 'called', port: number): Call => ({
  at: 'resting',
  ...{ seed, made: 0, role, port, version: 0, challenge: undefined, told: false, acks: [] },
  leastInterval: LEAST_INTERVAL,
});

export function stepCall(state: Call, event: CallEvent, setting: Setting): CallAnswer {
  switch (state.at) {
    case 'resting':
      if (event.on === 'dialled') return dial(state, event, setting);
      return event.on === 'invited' ? ring(state, event.invite, setting) : go(state);
    case 'inviting':
      return onInviting(state, event, setting);
    case 'invited':
      return onInvited(state, event, setting);
    case 'confirmed':
      return onConfirmed(state, event, setting);
    case 'leaving':
      return onLeaving(state, event, setting);
    case 'over':
      return onOver(state, event);
    default:
      return never(state);
  }
}
