import type { SipHeader, SipRequest } from '../model/sip-text.ts';
import { agreedOn, timersOf } from './call-offers.ts';
import { type CallAnswer, type CallEffect, type Confirmed, go, stop, type Unacked, wait } from './call-words.ts';
import { movedTo } from './dialog.ts';
import { headerOf, sequenceOf } from './headers.ts';
import { ALLOW, respondTo, SUPPORTED } from './respond.ts';
import { asksTooLittle, LEAST_INTERVAL, type SessionTimer, sayTimer, settledByRequest } from './session-timer.ts';
import { type Agreed, contactOf, type Setting } from './setting.ts';
import { SIXTY_FOUR_T1, T1 } from './timers.ts';

type Taken = {
  readonly body: string;
  readonly version: number;
  readonly agreed: Agreed | undefined;
  /** The offer is ours, and its answer comes in the ACK. */
  readonly offered: boolean;
};

/** A re-INVITE or UPDATE of the far end (RFC 3261 14.2, RFC 3311 5.2). */
export function hearOffer(state: Confirmed, request: SipRequest, setting: Setting): CallAnswer {
  const isInvite = request.method === 'INVITE';
  const respond = (status: number, headers: readonly SipHeader[] = []): CallAnswer =>
    go(state, { do: 'respond', response: respondTo(request, status, { headers }) });
  const offers = isInvite || request.body !== '';
  if (state.asking && offers) return respond(491);
  // An offer of ours is out in a 2xx: it is answered first.
  if (state.unacked?.offered && offers) return respond(500, [['retry-after', '1']]);
  if (asksTooLittle(request)) return respond(422, [['min-se', String(LEAST_INTERVAL)]]);
  const taken = offers
    ? take(state, request, setting)
    : { body: '', version: state.version, agreed: undefined, offered: false };
  if (taken === undefined) return respond(488);
  return isInvite ? takeInvite(state, request, taken, setting) : takeUpdate(state, request, taken, setting);
}

/** A description that came before is a refresh: it is answered as it was, version and all (RFC 4028 7.4). */
function take(state: Confirmed, request: SipRequest, setting: Setting): Taken | undefined {
  const { own, theirs, version, agreed } = state;
  if (request.body === '') return { body: own, version, agreed: undefined, offered: true };
  const place = { address: setting.place.address, port: state.port, session: state.seed, version: version + 1 };
  const answer = setting.words.answer(request.body, place);
  if (answer === undefined) return undefined;
  if (request.body === theirs) return { body: own, version, agreed, offered: false };
  return { body: answer.body, version: place.version, agreed: answer.agreed, offered: false };
}

function takeInvite(state: Confirmed, request: SipRequest, taken: Taken, setting: Setting): CallAnswer {
  const timer = settledByRequest(request);
  const response = respondTo(request, 200, { headers: twoHundred(timer, setting), body: taken.body });
  const unacked: Unacked = { sequence: sequenceOf(request).number, response, again: T1, offered: taken.offered };
  const [next, effects] = inForce(state, request, taken);
  return go(
    { ...next, timer, unacked },
    { do: 'respond', response },
    ...effects,
    ...timersOf(timer),
    wait('answer-again', T1),
    wait('no-ack', SIXTY_FOUR_T1),
  );
}

function takeUpdate(state: Confirmed, request: SipRequest, taken: Taken, setting: Setting): CallAnswer {
  const timer = settledByRequest(request) ?? state.timer;
  const response = respondTo(request, 200, { headers: twoHundred(timer, setting), body: taken.body });
  const [next, effects] = request.body === '' ? [refreshed(state, request), []] : inForce(state, request, taken);
  return go({ ...next, timer }, { do: 'respond', response }, ...effects, ...timersOf(timer));
}

const twoHundred = (timer: SessionTimer | undefined, setting: Setting): readonly SipHeader[] => [
  ['contact', contactOf(setting)],
  ALLOW,
  SUPPORTED,
  ...sayTimer(timer),
];

const refreshed = (state: Confirmed, request: SipRequest): Confirmed => ({
  ...state,
  dialog: movedTo(state.dialog, headerOf(request, 'contact')),
});

function inForce(state: Confirmed, request: SipRequest, taken: Taken): readonly [Confirmed, readonly CallEffect[]] {
  const { body, version, agreed } = taken;
  const heard = { ...refreshed(state, request), own: body, version, theirs: request.body || state.theirs };
  // A second INVITE shows that the 2xx to the one before has come.
  const quiet = state.unacked ? stop('answer-again', 'no-ack') : [];
  const [next, effects] = agreed === undefined ? [heard, []] : agreedOn(heard, agreed);
  return [{ ...next, unacked: undefined }, [...quiet, ...effects]];
}
