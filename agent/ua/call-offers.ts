import type { SipHeader, SipResponse } from '../model/sip-text.ts';
import { millis } from '../model/units.ts';
import { ackIn, LOST, leave, prove } from './call-ends.ts';
import {
  type Asking,
  baseOf,
  branchFor,
  type CallAnswer,
  type CallBase,
  type CallEffect,
  type Confirmed,
  go,
  type Reason,
  stop,
  wait,
} from './call-words.ts';
import { type Dialog, movedTo, requestIn } from './dialog.ts';
import { readChallenge } from './digest.ts';
import { headerOf, secondsOf } from './headers.ts';
import { ALLOW, SUPPORTED } from './respond.ts';
import { askTimer, expiresAfter, refreshAfter, type SessionTimer, settledByAnswer } from './session-timer.ts';
import type { Agreed, Setting } from './setting.ts';

type Begun = {
  readonly dialog: Dialog;
  readonly agreed: Agreed | undefined;
  readonly own: string;
  readonly theirs: string;
  readonly timer: SessionTimer | undefined;
};

/** The dialog is confirmed for whoever called; whoever is called waits for the ACK beside it. */
export function begin(base: CallBase, { dialog, agreed, own, theirs, timer }: Begun): CallAnswer {
  const state: Confirmed = {
    ...baseOf(base),
    ...{ at: 'confirmed', dialog, agreed: undefined, own, theirs, timer },
    ...{ asking: undefined, wanted: undefined, tries: 0, unacked: undefined, leaving: false },
  };
  const [next, effects] = agreed === undefined ? [state, []] : agreedOn(state, agreed);
  return go(next, { do: 'tell', news: { on: 'answered' } }, ...effects, ...timersOf(timer));
}

/** What is in force from here on, and what is told of it: nothing when it is as it was. */
export function agreedOn(state: Confirmed, agreed: Agreed): readonly [Confirmed, readonly CallEffect[]] {
  const same = JSON.stringify(state.agreed) === JSON.stringify(agreed);
  const next = { ...state, agreed };
  if (same) return [next, []];
  const isFax = agreed.media === 'image';
  const known = state.agreed?.media === 'image' && JSON.stringify(state.agreed.terms) === JSON.stringify(agreed.terms);
  const done = isFax && state.wanted === 'fax';
  return [
    done ? { ...next, wanted: undefined } : next,
    [
      { do: 'lead', agreed },
      ...(isFax && !known ? [{ do: 'tell', news: { on: 'fax-opened', agreed } } as const] : []),
      ...(done ? stop('glare') : []),
    ],
  ];
}

export function timersOf(timer: SessionTimer | undefined): readonly CallEffect[] {
  if (timer === undefined) return stop('refresh', 'expiry');
  return timer.refresher === 'us'
    ? [wait('refresh', refreshAfter(timer)), wait('expiry', expiresAfter(timer))]
    : [...stop('refresh'), wait('expiry', expiresAfter(timer))];
}

/** Asks for it now, or as soon as nothing else is under way (RFC 3261 14.1). */
export function want(state: Confirmed, reason: Reason, setting: Setting): CallAnswer {
  if (state.leaving) return go(state);
  if (state.asking || state.unacked || state.wanted !== undefined)
    return go({ ...state, wanted: moreUrgent(state.wanted, reason) });
  return ask({ ...state, tries: 0 }, reason, setting);
}

/** A new description also refreshes, and says where we are. */
const URGENT: readonly (Reason | undefined)[] = [undefined, 'refresh', 'moved', 'audio-again', 'fax'];
const moreUrgent = (one: Reason | undefined, other: Reason): Reason =>
  URGENT.indexOf(one) > URGENT.indexOf(other) ? (one ?? other) : other;

/** re-INVITE (RFC 3261 14.1). A refresh carries the description that is in force as it stands (RFC 4028 7.4, RFC 3264 8). */
export function ask(state: Confirmed, reason: Reason, setting: Setting): CallAnswer {
  const changes = reason !== 'refresh';
  const version = changes ? state.version + 1 : state.version;
  const own = { address: setting.place.address, port: state.port, session: state.seed, version };
  const media = reason === 'fax' ? 'image' : reason === 'audio-again' ? 'audio' : (state.agreed?.media ?? 'audio');
  const body = changes ? setting.words.offer(media, own) : state.own;
  const sequence = state.dialog.localSequence + 1;
  const made = { ...state, made: state.made + 1, version };
  const headers: readonly SipHeader[] = [ALLOW, SUPPORTED, ...askTimer(state.leastInterval, state.timer)];
  const bare = requestIn(state.dialog, setting, { method: 'INVITE', branch: branchFor(made), sequence, headers, body });
  const [request, proved] = prove(made, bare, setting);
  const asking: Asking = { reason, sequence, body, tries: state.tries };
  return go(
    { ...proved, asking, wanted: undefined, dialog: { ...state.dialog, localSequence: sequence } },
    { do: 'request', request },
  );
}

/** The final response to a re-INVITE of ours. */
export function askAnswered(state: Confirmed, asking: Asking, response: SipResponse, setting: Setting): CallAnswer {
  const { status } = response;
  if (status < 300) return askTaken(state, asking, response, setting);
  const idle: Confirmed = { ...state, asking: undefined };
  // RFC 3261 14.1, 12.2.1.2: the dialog is gone.
  if (status === 481 || status === 408) return leave(idle, idle.dialog, setting, LOST);
  if (status === 491) return askLater(idle, asking.reason, glareOf(state.role));
  if (asking.tries < MOST_TRIES) {
    const tries = asking.tries + 1;
    const challenge = status === 401 || status === 407 ? readChallenge(response) : undefined;
    if (challenge) return ask({ ...idle, challenge, tries }, asking.reason, setting);
    const least = status === 422 ? secondsOf(response, 'min-se') : undefined;
    if (least) return ask({ ...idle, leastInterval: least, tries }, asking.reason, setting);
    // RFC 3261 14.2: it has another INVITE of ours to answer first.
    const after = status === 500 ? secondsOf(response, 'retry-after') : undefined;
    if (after !== undefined && after <= 10)
      return askLater({ ...idle, tries }, asking.reason, { least: after * 1_000, spread: 500 });
  }
  return refused(idle, asking, status, setting);
}

const MOST_TRIES = 3;

/** RFC 3261 14.1, in units of 10 ms. */
const glareOf = (role: CallBase['role']) =>
  role === 'caller' ? { least: 2_100, spread: 1_900 } : { least: 0, spread: 2_000 };

function askLater(
  state: Confirmed,
  reason: Reason,
  { least, spread }: { readonly least: number; readonly spread: number },
): CallAnswer {
  return go(
    { ...state, wanted: moreUrgent(state.wanted, reason) },
    { do: 'wait', name: 'glare', for: millis(least), spread: millis(spread) },
  );
}

/** What was in force stays in force (RFC 3261 14.1). */
function refused(state: Confirmed, { reason }: Asking, status: number, setting: Setting): CallAnswer {
  const told: readonly CallEffect[] = reason === 'fax' ? [{ do: 'tell', news: { on: 'fax-refused', status } }] : [];
  const [next, effects] = askWanted(state, setting);
  return go(next, ...told, ...effects);
}

/** What waited for the end of something else. */
export function askWanted(state: Confirmed, setting: Setting): CallAnswer {
  const { wanted } = state;
  if (wanted === undefined || state.asking || state.unacked || state.leaving) return go(state);
  if (wanted === 'fax' && state.agreed?.media === 'image') return go({ ...state, wanted: undefined });
  return ask(state, wanted, setting);
}

function askTaken(state: Confirmed, asking: Asking, response: SipResponse, setting: Setting): CallAnswer {
  const dialog = movedTo(state.dialog, headerOf(response, 'contact'));
  const ack = ackIn(state, dialog, asking.sequence, setting);
  const timer = settledByAnswer(response);
  const answered: Confirmed = {
    ...state,
    ...{ dialog, timer, asking: undefined, acks: [...state.acks.slice(-3), ack] },
  };
  const first: readonly CallEffect[] = [{ do: 'send', text: ack }, ...timersOf(timer)];
  const agreed = setting.words.read(response.body);
  // What was asked for alone can't be answered with something else (RFC 3264 6).
  if (agreed === undefined || (asking.reason === 'fax' && agreed.media !== 'image')) {
    // An answer that takes nothing: the offer is in force all the same, and audio must be asked for anew.
    const back = asking.reason === 'fax' ? ('audio-again' as const) : undefined;
    const [next, effects] = refused({ ...answered, wanted: back ?? answered.wanted }, asking, response.status, setting);
    return go(next, ...first, ...effects);
  }
  const [next, effects] = agreedOn({ ...answered, own: asking.body, theirs: response.body }, agreed);
  const [last, more] = askWanted(next, setting);
  return go(last, ...first, ...effects, ...more);
}
