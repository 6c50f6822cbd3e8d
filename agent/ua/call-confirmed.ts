import type { SipRequest, SipResponse } from '../model/sip-text.ts';
import { ackAgain, ackIn, BY_US, LOST, leave, leaveFork, over, PATIENCE, tellOver } from './call-ends.ts';
import { hearOffer } from './call-hears.ts';
import { agreedOn, askAnswered, askWanted, want } from './call-offers.ts';
import {
  type CallAnswer,
  type CallEffect,
  type CallEvent,
  type CallTimer,
  type Confirmed,
  go,
  type Speaker,
  stop,
  type Unacked,
  wait,
} from './call-words.ts';
import { dialogOfCaller, isOfRemote } from './dialog.ts';
import { sequenceOf } from './headers.ts';
import { ALLOW, respondTo, SUPPORTED } from './respond.ts';
import type { Setting } from './setting.ts';
import { doubled, T2 } from './timers.ts';

export function onConfirmed(state: Confirmed, event: CallEvent, setting: Setting): CallAnswer {
  switch (event.on) {
    case 'fax-wanted':
      return wantFax(state, setting);
    case 'moved':
      return want(state, 'moved', setting);
    case 'hung-up':
      return hangUp(state, setting);
    case 'request':
      return hear(state, event.request, event.by, setting);
    case 'response':
      return answered(state, event.response, setting);
    case 'timed-out':
      // RFC 3261 12.2.1.2: nobody is there.
      return state.asking?.sequence === sequenceOf(event.request).number
        ? leave({ ...state }, state.dialog, setting, LOST)
        : go(state);
    case 'waited':
      return waited(state, event.name, setting);
    default:
      return go(state);
  }
}

function wantFax(state: Confirmed, setting: Setting): CallAnswer {
  const runs = state.agreed?.media === 'image';
  return runs || state.asking?.reason === 'fax' ? go(state) : want(state, 'fax', setting);
}

/** RFC 3261 15: who was called says BYE once the ACK is there. */
function hangUp(state: Confirmed, setting: Setting): CallAnswer {
  if (state.leaving) return go(state);
  if (state.unacked && state.role === 'called') return go({ ...state, leaving: true }, wait('patience', PATIENCE));
  return leave(state, state.dialog, setting);
}

function answered(state: Confirmed, response: SipResponse, setting: Setting): CallAnswer {
  const { number, method } = sequenceOf(response);
  if (method !== 'INVITE' || response.status < 200) return go(state);
  const again = ackAgain(state, response);
  if (again) return go(state, again);
  if (!isOfRemote(state.dialog, response)) return go(state, ...leaveOther(state, response, setting));
  const { asking } = state;
  return asking?.sequence === number ? askAnswered(state, asking, response, setting) : go(state);
}

/** RFC 3261 13.2.2.4: another fork answered as well. */
function leaveOther(state: Confirmed, response: SipResponse, setting: Setting): readonly CallEffect[] {
  if (response.status >= 300 || state.role === 'called') return [];
  const said: SipRequest = { kind: 'request', method: 'INVITE', uri: '', headers: response.headers, body: '' };
  const dialog = dialogOfCaller(said, response);
  return leaveFork(state, ackIn(state, dialog, sequenceOf(response).number, setting), dialog, setting);
}

function hear(state: Confirmed, request: SipRequest, by: Speaker, setting: Setting): CallAnswer {
  const { number } = sequenceOf(request);
  const { dialog, unacked } = state;
  if (request.method === 'ACK')
    return unacked?.sequence === number ? acknowledged(state, unacked, request, setting) : go(state);
  // RFC 3261 12.2.2: out of order.
  if (request.method !== 'CANCEL' && dialog.remoteSequence !== undefined && number < dialog.remoteSequence)
    return go(state, { do: 'respond', response: respondTo(request, 500) });
  const heard = { ...state, dialog: { ...dialog, remoteSequence: Math.max(number, dialog.remoteSequence ?? 0) } };
  switch (request.method) {
    case 'BYE':
      return over(heard, heard.dialog, ended(by), { do: 'respond', response: respondTo(request, 200) });
    case 'INVITE':
    case 'UPDATE':
      return hearOffer(heard, request, setting);
    case 'CANCEL':
      // RFC 3261 9.2: too late for what is answered already.
      return go(heard, { do: 'respond', response: respondTo(request, 200) });
    case 'OPTIONS':
      return go(heard, { do: 'respond', response: respondTo(request, 200, { headers: [ALLOW, SUPPORTED] }) });
    default:
      return go(heard, { do: 'respond', response: respondTo(request, 405, { headers: [ALLOW] }) });
  }
}

const ended = (by: Speaker) =>
  by === 'far'
    ? ({ by, status: 0, text: '' } as const)
    : ({ by, status: 0, text: 'Communication coupée par le boîtier : crédit ou durée maximale' } as const);

function acknowledged(state: Confirmed, unacked: Unacked, ack: SipRequest, setting: Setting): CallAnswer {
  const idle: Confirmed = { ...state, unacked: undefined };
  const quiet = stop('answer-again', 'no-ack');
  if (state.leaving) return withFirst(quiet, leave(idle, idle.dialog, setting, 'waiting'));
  if (!unacked.offered) return withFirst(quiet, askWanted(idle, setting));
  const agreed = setting.words.read(ack.body);
  if (agreed === undefined) {
    const how = { by: 'us', status: 488, text: "L'appelant n'accepte ni audio ni T.38" } as const;
    return withFirst(quiet, leave(idle, idle.dialog, setting, how));
  }
  const [next, effects] = agreedOn({ ...idle, theirs: ack.body }, agreed);
  return withFirst([...quiet, ...effects], askWanted(next, setting));
}

const withFirst = (first: readonly CallEffect[], [state, effects]: CallAnswer): CallAnswer => [
  state,
  [...first, ...effects],
];

function waited(state: Confirmed, name: CallTimer, setting: Setting): CallAnswer {
  const { unacked } = state;
  switch (name) {
    case 'answer-again': {
      if (unacked === undefined) return go(state);
      const again = doubled(unacked.again, T2);
      return go(
        { ...state, unacked: { ...unacked, again } },
        { do: 'send', text: unacked.response },
        wait('answer-again', again),
      );
    }
    case 'no-ack':
      // RFC 3261 13.3.1.4
      return unacked ? leave(state, state.dialog, setting, state.leaving ? BY_US : LOST) : go(state);
    case 'glare':
      return askWanted(state, setting);
    case 'refresh':
      return want(state, 'refresh', setting);
    case 'expiry':
      return leave(state, state.dialog, setting, LOST);
    case 'patience':
      return go({ ...state, told: true }, ...tellOver(state, BY_US));
    default:
      return go(state);
  }
}
