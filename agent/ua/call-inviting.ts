import type { SipHeader, SipRequest, SipResponse } from '../model/sip-text.ts';
import { ackAgain, ackIn, BY_US, leave, over, PATIENCE, prove, tellOver } from './call-ends.ts';
import { begin } from './call-offers.ts';
import {
  type At,
  baseOf,
  branchFor,
  type CallAnswer,
  type CallBase,
  type CallEffect,
  type CallEvent,
  go,
  type Inviting,
  type Speaker,
  wait,
} from './call-words.ts';
import { dialogOfCaller, typeOf } from './dialog.ts';
import { readChallenge } from './digest.ts';
import { secondsOf, sequenceOf } from './headers.ts';
import { ALLOW, SUPPORTED } from './respond.ts';
import { askTimer, settledByAnswer } from './session-timer.ts';
import { contactOf, hostOf, type Setting } from './setting.ts';
import { SIXTY_FOUR_T1 } from './timers.ts';
import { textOf } from './words-of.ts';

const MOST_PROOFS = 2;

/** INVITE with our offer (RFC 3261 13.2.1). */
export function dial(
  state: At<'resting'>,
  { number, media }: Extract<CallEvent, { on: 'dialled' }>,
  setting: Setting,
): CallAnswer {
  const base = { ...baseOf(state), version: 1, made: 1 };
  const own = { address: setting.place.address, port: state.port, session: state.seed, version: 1 };
  const offer = setting.words.offer(media, own);
  const uri = `sip:${escaped(number)}@${hostOf(setting.server)}`;
  const invite = writeInvite(base, setting, { uri, offer, sequence: 1 });
  return go(
    {
      ...base,
      ...{ at: 'inviting', invite, offer, proofs: 0 },
      ...{ heard: false, ringing: false, leaving: false, canceled: false },
    },
    { do: 'request', request: invite },
  );
}

type Wanted = { readonly uri: string; readonly offer: string; readonly sequence: number };

function writeInvite(base: CallBase, setting: Setting, { uri, offer, sequence }: Wanted): SipRequest {
  const { place, server } = setting;
  const headers: readonly SipHeader[] = [
    ['via', `SIP/2.0/UDP ${place.address}:${place.port};branch=${branchFor(base)};rport`],
    ['max-forwards', '70'],
    ['from', `<sip:${setting.number}@${hostOf(server)}>;tag=${base.seed.slice(0, 10)}`],
    ['to', `<${uri}>`],
    ['call-id', callIdOf(base.seed)],
    ['cseq', `${sequence} INVITE`],
    ['contact', contactOf(setting)],
    ALLOW,
    SUPPORTED,
    ...askTimer(base.leastInterval, undefined),
    ...typeOf(offer),
  ];
  return { kind: 'request', method: 'INVITE', uri, headers, body: offer };
}

export const callIdOf = (seed: string): string => `${seed}@relais`;

/** RFC 3261 25.1: what a user part may not hold as it is. */
const escaped = (number: string): string =>
  number.replace(
    /[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );

export function onInviting(state: Inviting, event: CallEvent, setting: Setting): CallAnswer {
  switch (event.on) {
    case 'hung-up':
      if (state.leaving) return go(state);
      return cancel({ ...state, leaving: true }, wait('patience', PATIENCE));
    case 'response':
      return sequenceOf(event.response).method === 'INVITE'
        ? inviteAnswered(state, event.response, event.by, setting)
        : go(state);
    case 'timed-out':
      if (event.request.method !== 'INVITE') return go(state);
      return over(state, undefined, { by: 'network', status: 408, text: "Pas de réponse de l'opérateur" });
    case 'waited':
      if (event.name === 'patience') return go({ ...state, told: true }, ...tellOver(state, BY_US));
      // RFC 3261 9.1: an INVITE whose CANCEL nobody heeded is taken for cancelled.
      return event.name === 'linger' ? over(state, undefined, BY_US) : go(state);
    default:
      return go(state);
  }
}

/** RFC 3261 9.1: only once something came, and only once. */
function cancel(state: Inviting, ...effects: readonly CallEffect[]): CallAnswer {
  if (!state.leaving || !state.heard || state.canceled) return go(state, ...effects);
  const { invite } = state;
  const same = ['via', 'max-forwards', 'from', 'to', 'call-id'];
  const headers: readonly SipHeader[] = [
    ...invite.headers.filter(([name]) => same.includes(name)),
    ['cseq', `${sequenceOf(invite).number} CANCEL`],
  ];
  const request: SipRequest = { kind: 'request', method: 'CANCEL', uri: invite.uri, headers, body: '' };
  return go({ ...state, canceled: true }, { do: 'request', request }, wait('linger', SIXTY_FOUR_T1), ...effects);
}

function inviteAnswered(state: Inviting, response: SipResponse, by: Speaker, setting: Setting): CallAnswer {
  const { status } = response;
  if (sequenceOf(response).number !== sequenceOf(state.invite).number) return go(state);
  if (status < 200) {
    const rings = status > 100 && !state.ringing && !state.leaving;
    const heard = { ...state, heard: true, ringing: state.ringing || status > 100 };
    return cancel(heard, ...(rings ? [{ do: 'tell', news: { on: 'ringing' } } as const] : []));
  }
  if (status < 300) return accepted(state, response, setting);
  if (!state.leaving) {
    const again = inviteAgain(state, response, setting);
    if (again) return again;
  }
  if (state.leaving) return over(state, undefined, BY_US);
  return over(state, undefined, { by, status, text: textOf(response) });
}

/** A challenge (22.1) or a longer session (RFC 4028 7.3): the same call once more. */
function inviteAgain(state: Inviting, response: SipResponse, setting: Setting): CallAnswer | undefined {
  const { status } = response;
  const challenged = status === 401 || status === 407;
  const challenge = challenged ? readChallenge(response) : state.challenge;
  const least = status === 422 ? secondsOf(response, 'min-se') : undefined;
  const longer = least !== undefined && least > state.leastInterval;
  const mayProve = challenged && challenge !== undefined && (state.proofs === 0 || challenge.stale);
  if (state.proofs >= MOST_PROOFS || (!mayProve && !longer)) return undefined;
  const sequence = sequenceOf(state.invite).number + 1;
  const base = {
    ...state,
    made: state.made + 1,
    challenge,
    leastInterval: least ?? state.leastInterval,
    proofs: state.proofs + 1,
  };
  const again = writeInvite(base, setting, { uri: state.invite.uri, offer: state.offer, sequence });
  const [invite, proved] = prove(base, again, setting);
  return go({ ...proved, invite, heard: false }, { do: 'request', request: invite });
}

function accepted(state: Inviting, response: SipResponse, setting: Setting): CallAnswer {
  const dialog = dialogOfCaller(state.invite, response);
  const again = ackAgain(state, response);
  if (again) return go(state, again);
  const ack = ackIn(state, dialog, sequenceOf(state.invite).number, setting);
  const base = { ...baseOf(state), acks: [ack] };
  const send: CallEffect = { do: 'send', text: ack };
  // RFC 3261 9.1: the 200 crossed the CANCEL, or came before anything could be cancelled.
  if (state.leaving) return withFirst(send, leave(base, dialog, setting, 'waiting'));
  const agreed = setting.words.read(response.body);
  if (agreed === undefined) {
    const how = { by: 'us', status: 488, text: "L'appelé n'accepte ni audio ni T.38" } as const;
    return withFirst(send, leave(base, dialog, setting, how));
  }
  const timer = settledByAnswer(response);
  return withFirst(send, begin(base, { dialog, agreed, own: state.offer, theirs: response.body, timer }));
}

const withFirst = (first: CallEffect, [state, effects]: CallAnswer): CallAnswer => [state, [first, ...effects]];
