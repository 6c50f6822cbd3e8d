import type { SipRequest, SipResponse } from '../model/sip-text.ts';
import { millis } from '../model/units.ts';
import {
  type At,
  baseOf,
  branchFor,
  type Call,
  type CallAnswer,
  type CallBase,
  type CallEffect,
  type CallEvent,
  type CallTold,
  go,
  type Speaker,
  stop,
  wait,
} from './call-words.ts';
import { type Dialog, requestIn } from './dialog.ts';
import { answerChallenge, readChallenge } from './digest.ts';
import { headerOf, sequenceOf } from './headers.ts';
import { respondTo } from './respond.ts';
import type { Setting } from './setting.ts';
import { SIXTY_FOUR_T1 } from './timers.ts';

/** Whoever hangs up hears that it is over after this time, whatever the far end does; the rest goes on unheard. */
export const PATIENCE = millis(1_500);

type Over = Omit<Extract<CallTold, { on: 'over' }>, 'on'>;

/** The last news, once. */
export const tellOver = (state: CallBase, over: Over): readonly CallEffect[] =>
  state.told ? [] : [{ do: 'tell', news: { on: 'over', ...over } }];

const ALL = ['answer-again', 'no-ack', 'glare', 'refresh', 'expiry', 'patience'] as const;

/** Nothing more is said of it, but what comes late is still answered. */
export const over = (
  state: Call,
  dialog: Dialog | undefined,
  how: Over,
  ...effects: readonly CallEffect[]
): CallAnswer =>
  go(
    { ...baseOf(state), at: 'over', told: true, dialog },
    ...effects,
    ...stop(...ALL),
    ...tellOver(state, how),
    wait('linger', SIXTY_FOUR_T1),
  );

export const BY_US: Over = { by: 'us', status: 0, text: '' };
export const LOST: Over = { by: 'network', status: 0, text: 'La ligne ne répond plus' };

/**
 * BYE (RFC 3261 15.1.1). `how`: told at once; without it when the far end agrees, or patience is over. `waiting`: it was
 * hung up before, and the patience of then holds.
 */
export function leave(state: CallBase, dialog: Dialog, setting: Setting, how?: Over | 'waiting'): CallAnswer {
  const { base, request } = byeOf(state, dialog, setting);
  return go(
    {
      ...base,
      at: 'leaving',
      told: state.told || typeof how === 'object',
      dialog: { ...dialog, localSequence: dialog.localSequence + 1 },
      proofs: 0,
    },
    ...stop(...ALL.filter((name) => name !== 'patience' || how !== 'waiting')),
    { do: 'request', request },
    ...(how === undefined ? [wait('patience', PATIENCE)] : typeof how === 'object' ? tellOver(state, how) : []),
  );
}

function byeOf(
  state: CallBase,
  dialog: Dialog,
  setting: Setting,
): { readonly base: CallBase; readonly request: SipRequest } {
  const base = { ...baseOf(state), made: state.made + 1 };
  const request = requestIn(dialog, setting, {
    method: 'BYE',
    branch: branchFor(base),
    sequence: dialog.localSequence + 1,
  });
  return { base, request };
}

/** RFC 3261 13.2.2.4: a dialog of the same INVITE that nobody wants is acknowledged and left. */
export function leaveFork(state: CallBase, ack: SipRequest, dialog: Dialog, setting: Setting): readonly CallEffect[] {
  const branch = `${branchFor(state)}f${headerOf(ack, 'to').length}${dialog.remote.slice(-6).replace(/[^A-Za-z0-9]/g, '')}`;
  const sequence = dialog.localSequence + 1;
  return [
    { do: 'send', text: ack },
    { do: 'request', request: requestIn(dialog, setting, { method: 'BYE', branch, sequence }) },
  ];
}

/** The ACK of a 2xx: a transaction of its own, by the dialog's routes (RFC 3261 13.2.2.4). */
export function ackIn(state: CallBase, dialog: Dialog, sequence: number, setting: Setting): SipRequest {
  return requestIn(dialog, setting, { method: 'ACK', branch: `${branchFor(state)}a${sequence}`, sequence });
}

/** A 2xx that came again: its ACK was lost. Undefined when it is none that was acknowledged. */
export function ackAgain(state: CallBase, response: SipResponse): CallEffect | undefined {
  const { number, method } = sequenceOf(response);
  if (method !== 'INVITE' || response.status < 200 || response.status >= 300) return undefined;
  const ack = state.acks.find(
    (one) => sequenceOf(one).number === number && headerOf(one, 'to') === headerOf(response, 'to'),
  );
  return ack && { do: 'send', text: ack };
}

export function onLeaving(state: At<'leaving'>, event: CallEvent, setting: Setting): CallAnswer {
  switch (event.on) {
    case 'response':
      return byeAnswered(state, event.response, setting);
    case 'timed-out':
      return event.request.method === 'BYE' ? over(state, state.dialog, BY_US) : go(state);
    case 'request':
      return go(state, ...answerLate(event.request, event.by));
    case 'waited':
      return event.name === 'patience' ? go({ ...state, told: true }, ...tellOver(state, BY_US)) : go(state);
    default:
      return go(state);
  }
}

function byeAnswered(state: At<'leaving'>, response: SipResponse, setting: Setting): CallAnswer {
  const again = ackAgain(state, response);
  if (again) return go(state, again);
  const { number, method } = sequenceOf(response);
  const { dialog } = state;
  if (method === 'INVITE' && response.status >= 200 && response.status < 300)
    return go(state, { do: 'send', text: ackIn(state, dialog, number, setting) });
  if (method !== 'BYE' || number !== dialog.localSequence || response.status < 200) return go(state);
  const challenge = response.status === 401 || response.status === 407 ? readChallenge(response) : undefined;
  if (challenge === undefined || state.proofs > 0) return over(state, dialog, BY_US);
  const { base, request } = byeOf(state, dialog, setting);
  const [proof] = prove({ ...base, challenge }, request, setting);
  return go(
    { ...state, ...base, proofs: 1, dialog: { ...dialog, localSequence: number + 1 } },
    { do: 'request', request: proof },
  );
}

/** A request with the answer to the challenge that is known, where one is. */
export function prove<T extends CallBase>(state: T, request: SipRequest, setting: Setting): readonly [SipRequest, T] {
  if (state.challenge === undefined) return [request, state];
  const cnonce = setting.hash('MD5', `${state.seed}/${state.made}/${request.method}`).slice(0, 16);
  const wanted = { method: request.method, uri: request.uri, cnonce };
  const [header, challenge] = answerChallenge(state.challenge, setting.credentials, wanted, setting.hash);
  return [
    { ...request, headers: [...request.headers, header] },
    { ...state, challenge },
  ];
}

export function onOver(state: At<'over'>, event: CallEvent): CallAnswer {
  if (event.on === 'request') return go(state, ...answerLate(event.request, event.by));
  if (event.on === 'response') {
    const again = ackAgain(state, event.response);
    return again ? go(state, again) : go(state);
  }
  return event.on === 'waited' && event.name === 'linger' ? go(state, { do: 'forget' }) : go(state);
}

/** A BYE that crosses ours is agreed to; nothing else is of a dialog any more. */
function answerLate(request: SipRequest, _by: Speaker): readonly CallEffect[] {
  if (request.method === 'ACK') return [];
  return [{ do: 'respond', response: respondTo(request, request.method === 'BYE' ? 200 : 481) }];
}
