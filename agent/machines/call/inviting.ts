import type { LedgerEvent } from '../../model/record.ts';
import type { SipView } from '../../model/sip-view.ts';
import { seconds } from '../../model/units.ts';
import { detail, end, failure } from './detail.ts';
import { answeredDialog, inMidDialog, startDialog } from './dialog.ts';
import { mediaAfter } from './media.ts';
import { LINGER, REPEAT_FIRST } from './patience.ts';
import { sessionAfter } from './session.ts';
import { creditTimers, watch } from './talking.ts';
import {
  type Admission,
  type Answer,
  type At,
  type CallEffect,
  type CallEvent,
  type CallRules,
  go,
  heardAt,
  longestOf,
  type Told,
  wait,
  withLink,
} from './words.ts';

/** Longest time that a call may ring; SIP itself gives up later or never (RFC 3261 16.8, timer C, is above 180 s). */
const RINGING = seconds(300);

export function invited(event: Extract<CallEvent, { on: 'invited' }>): Answer {
  const { facts, admission, view } = event;
  if (admission.may === 'not-pass') return refused(event, admission.cause);
  const dialog = startDialog(view, facts.direction, event.dialog);
  const told: Told = {
    facts,
    dialog,
    links: [event.link],
    media: facts.direction === 'outgoing' ? event.media : undefined,
  };
  const record: LedgerEvent = {
    kind: 'call-admitted',
    call: facts.call,
    direction: facts.direction,
    caller: facts.caller,
    called: facts.called,
    class: facts.class,
    link: event.link,
    reserved: admission.reserved,
    dialog,
    media: told.media ?? null,
  };
  if (!admission.gated) {
    return [
      { at: 'inviting', ...told, paidFor: admission.seconds },
      [{ do: 'forward' }, { do: 'record', event: record }, { do: 'wait', name: 'ringing', for: RINGING }],
    ];
  }
  return [
    { at: 'admitting', ...told, paidFor: admission.seconds },
    [{ do: 'hold' }, { do: 'record', event: record, mark: { what: 'admission', seconds: 0 } }],
  ];
}

function refused(
  event: Extract<CallEvent, { on: 'invited' }>,
  cause: Extract<Admission, { may: 'not-pass' }>['cause'],
): Answer {
  const { facts } = event;
  return [
    { at: 'refusing', facts, tries: 0 },
    [
      { do: 'refuse', cause },
      {
        do: 'record',
        event: detail({ facts, links: [event.link], media: event.media }, facts.startedAt, {
          cause,
          sipStatus: 0,
          seconds: 0,
        }),
      },
      wait('repeat', REPEAT_FIRST),
    ],
  ];
}

/** The debit is on its way to the medium; whatever comes meanwhile will come again (RFC 3261 17.1.1). */
export function onAdmitting(state: At<'admitting'>, event: CallEvent): Answer {
  if (event.on === 'link-changed') return go({ ...state, links: withLink(state.links, event.link) });
  if (event.on !== 'recorded' || event.what !== 'admission') return go(state);
  return go({ ...state, at: 'inviting' }, { do: 'forward-held' }, { do: 'wait', name: 'ringing', for: RINGING });
}

export function onInviting(state: At<'inviting'>, event: CallEvent, rules: CallRules): Answer {
  switch (event.on) {
    case 'sip':
      return invitingHears(state, event, rules);
    case 'link-changed':
      return go({ ...state, links: withLink(state.links, event.link) });
    case 'waited':
      if (event.name !== 'ringing') return go(state);
      return end(state, event.now, { cause: 'not-answered', sipStatus: 0, seconds: 0 });
    default:
      return go(state);
  }
}

function invitingHears(state: At<'inviting'>, event: Extract<CallEvent, { on: 'sip' }>, rules: CallRules): Answer {
  const { view } = event;
  const forward: CallEffect = { do: 'forward' };
  const on: At<'inviting'> = {
    ...state,
    ...mediaAfter(state, event),
    dialog: inMidDialog(state.dialog, view, event.from),
  };
  const fromCalled = (event.from === 'network') === (state.facts.direction === 'outgoing');
  // What the caller says ends nothing before the called side agrees to it.
  if (!fromCalled) return isInvite(view) ? go(on, forward, wait('ringing', RINGING)) : go(on, forward);
  if (isRelease(view)) {
    const over = end(on, event.now, { cause: 'lost', sipStatus: 0, seconds: 0, complete: false });
    return [over[0], [forward, ...over[1]]];
  }
  if (view.kind === 'request') return go(on, forward);
  if (view.method === 'CANCEL' && view.status < 300) return go(on, forward, wait('ringing', LINGER));
  if (view.method !== 'INVITE' || view.status === 100) return go(on, forward);
  // RFC 3261 16.7: whoever still rings says so each minute.
  if (view.status < 200) return go(on, forward, wait('ringing', RINGING));
  // RFC 3261 22: a challenge is not the end, the caller tries again in the same call, or never.
  if (view.status === 401 || view.status === 407) return go(on, forward, wait('ringing', LINGER));
  if (view.status < 300) return answered(on, event, rules);
  const over = end(on, event.now, { cause: failure(view.status), sipStatus: view.status, seconds: 0 });
  return [over[0], [forward, ...over[1]]];
}

const isInvite = (view: SipView): boolean => view.kind === 'request' && view.method === 'INVITE';

/** Answered while the agent was away: the answer was not seen, so nothing of it can be charged. */
const isRelease = (view: SipView): boolean => view.method === 'BYE' && (view.kind === 'request' || view.status < 300);

function answered(state: At<'inviting'>, event: Extract<CallEvent, { on: 'sip' }>, rules: CallRules): Answer {
  const dialog = answeredDialog(state.dialog, event.view, state.facts.direction);
  const talk: At<'talking'> = {
    ...state,
    at: 'talking',
    dialog,
    answeredAt: event.now,
    asking: false,
    starved: false,
    away: false,
    expired: false,
    heard: heardAt(event.now),
  };
  const [, ...timers] = sessionAfter(talk, event.view);
  return go(
    talk,
    { do: 'forward' },
    { do: 'stop-waiting', name: 'ringing' },
    { do: 'record', event: { kind: 'call-answered', call: state.facts.call, dialog, media: talk.media ?? null } },
    ...creditTimers(talk, event.now, rules),
    wait('longest', longestOf(state.facts, rules)),
    ...watch(talk),
    ...timers,
  );
}
