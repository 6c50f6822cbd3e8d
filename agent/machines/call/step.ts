import { never } from '../../model/never.ts';
import { told } from './changed.ts';
import { onCutting, onOver, onRefusing } from './ending.ts';
import { invited, onAdmitting, onInviting } from './inviting.ts';
import { onTalking } from './talking.ts';
import type { Answer, Call, CallEvent, CallRules } from './words.ts';

/*
 *   (invited) ──credit set aside──▶ admitting ──on the medium──▶ inviting ──2xx──▶ talking ──BYE──▶ over
 *       │                                                          │                  │
 *       └──refused──▶ refusing ──ACK──▶ over             3xx–6xx, CANCEL         credit spent, too long
 *                                                                  ▼                  ▼
 *                                                                over ◀──────────  cutting
 *
 * Emergency calls and incoming calls go straight to `inviting`: nothing is asked and nothing can hold them (V-1, C-1).
 */

export function stepCall(state: Call | undefined, event: CallEvent, rules: CallRules): Answer | undefined {
  if (event.on === 'invited') return invited(event);
  if (state === undefined) return undefined;
  switch (state.at) {
    case 'admitting':
      return onAdmitting(state, event);
    case 'inviting':
      return onInviting(state, event, rules);
    case 'talking':
      return told(state, onTalking(state, event, rules));
    case 'refusing':
      return onRefusing(state, event);
    case 'cutting':
      return onCutting(state, event);
    case 'over':
      return onOver(state, event);
    default:
      return never(state);
  }
}
