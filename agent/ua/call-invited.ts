import type { SipRequest } from '../model/sip-text.ts';
import { over } from './call-ends.ts';
import { begin } from './call-offers.ts';
import { type At, baseOf, type CallAnswer, type CallEffect, type CallEvent, go, wait } from './call-words.ts';
import { dialogOfCalled } from './dialog.ts';
import { sequenceOf } from './headers.ts';
import { ALLOW, respondTo, SUPPORTED } from './respond.ts';
import { asksTooLittle, LEAST_INTERVAL, sayTimer, settledByRequest } from './session-timer.ts';
import { contactOf, type Setting } from './setting.ts';
import { SIXTY_FOUR_T1, T1 } from './timers.ts';

export const localTagOf = (seed: string): string => seed.slice(0, 10);

/** An INVITE came: it rings until somebody takes it (RFC 3261 13.3.1). */
export function ring(state: At<'resting'>, invite: SipRequest, setting: Setting): CallAnswer {
  const dialog = dialogOfCalled(invite, localTagOf(state.seed));
  const invited = { ...baseOf(state), at: 'invited', invite, dialog } as const;
  if (asksTooLittle(invite)) {
    const response = respondTo(invite, 422, {
      headers: [['min-se', String(LEAST_INTERVAL)]],
      tag: localTagOf(state.seed),
    });
    return over(invited, undefined, { by: 'us', status: 422, text: '' }, { do: 'respond', response });
  }
  const headers = [['contact', contactOf(setting)], ALLOW] as const;
  return go(invited, { do: 'respond', response: respondTo(invite, 180, { tag: localTagOf(state.seed), headers }) });
}

export function onInvited(state: At<'invited'>, event: CallEvent, setting: Setting): CallAnswer {
  switch (event.on) {
    case 'picked-up':
      return pickUp(state, setting);
    case 'declined':
      return end(state, event.status);
    case 'hung-up':
      return end(state, 480);
    case 'request':
      return event.request.method === 'CANCEL' ? canceled(state, event) : hearEarly(state, event.request);
    default:
      return go(state);
  }
}

/** 200 with our answer, T.38 where the offer has it; or with an offer of audio where there was none. */
function pickUp(state: At<'invited'>, setting: Setting): CallAnswer {
  const { invite, dialog } = state;
  const own = { address: setting.place.address, port: state.port, session: state.seed, version: 1 };
  const offered = invite.body === '';
  const answer = offered
    ? { body: setting.words.offer('audio', own), agreed: undefined }
    : setting.words.answer(invite.body, own);
  if (answer === undefined) return end(state, 488);
  const timer = settledByRequest(invite);
  const headers = [['contact', contactOf(setting)] as const, ALLOW, SUPPORTED, ...sayTimer(timer)];
  const response = respondTo(invite, 200, { tag: localTagOf(state.seed), headers, body: answer.body });
  const begun = { dialog, agreed: answer.agreed, own: answer.body, theirs: invite.body, timer };
  const [next, effects] = begin({ ...state, version: 1 }, begun);
  if (next.at !== 'confirmed') return go(next, ...effects);
  const unacked = { sequence: sequenceOf(invite).number, response, again: T1, offered };
  const first: CallEffect = { do: 'respond', response };
  return go({ ...next, unacked }, first, ...effects, wait('answer-again', T1), wait('no-ack', SIXTY_FOUR_T1));
}

function end(state: At<'invited'>, status: number): CallAnswer {
  const response = respondTo(state.invite, status, { tag: localTagOf(state.seed) });
  return over(state, undefined, { by: 'us', status, text: '' }, { do: 'respond', response });
}

/** RFC 3261 9.2 */
function canceled(state: At<'invited'>, { request, by }: Extract<CallEvent, { on: 'request' }>): CallAnswer {
  const tag = localTagOf(state.seed);
  return over(
    state,
    undefined,
    { by, status: 487, text: '' },
    { do: 'respond', response: respondTo(request, 200, { tag }) },
    { do: 'respond', response: respondTo(state.invite, 487, { tag }) },
  );
}

/** Before the answer only an end may come (RFC 3261 12.2.2); an UPDATE has nothing to change yet. */
function hearEarly(state: At<'invited'>, request: SipRequest): CallAnswer {
  if (request.method === 'ACK') return go(state);
  if (request.method !== 'BYE')
    return go(state, { do: 'respond', response: respondTo(request, 500, { headers: [['retry-after', '2']] }) });
  return over(
    state,
    undefined,
    { by: 'far', status: 487, text: '' },
    { do: 'respond', response: respondTo(request, 200) },
    { do: 'respond', response: respondTo(state.invite, 487, { tag: localTagOf(state.seed) }) },
  );
}
