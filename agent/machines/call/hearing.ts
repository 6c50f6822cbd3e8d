import type { Dialog } from '../../model/record.ts';
import type { SipView } from '../../model/sip-view.ts';
import { end, secondsSince } from './detail.ts';
import { answeredDialog, beginsAgain, inMidDialog, isOfDialog } from './dialog.ts';
import { mediaAfter } from './media.ts';
import { sessionAfter } from './session.ts';
import { type Answer, type At, type CallEvent, go } from './words.ts';

/** What is said while a call talks. All of it passes, but an INVITE that would begin a call under its name. */
export function talkingHears(state: At<'talking'>, event: Extract<CallEvent, { on: 'sip' }>): Answer {
  const { view } = event;
  if (beginsAgain(state.facts, view, event.from)) return go(state);
  if (view.kind === 'request' && view.method === 'BYE') return hungUp(state, event);
  const { facts, dialog, forks = [], leftForks = [] } = state;
  // A 2xx again means that its ACK was lost: it passes like the first.
  if (isOfDialog(dialog, view)) {
    const [expired, ...timers] = sessionAfter(state, view);
    const on = { ...state, ...mediaAfter(state, event), expired, dialog: inMidDialog(dialog, view, event.from) };
    return go(on, { do: 'forward' }, ...timers);
  }
  const met = [...forks, ...leftForks];
  const isNew = met.length < MOST_FORKS && !met.some((fork) => isOfDialog(fork, view));
  if (!isNew || !isAnswer(view, event.from, facts.direction)) return go(state, { do: 'forward' });
  return go({ ...state, forks: [...forks, answeredDialog(dialog, view, facts.direction)] }, { do: 'forward' });
}

const MOST_FORKS = 8;

/** RFC 3261 13.2.2.4: a proxy that forks may let several 2xx pass; the caller ends those that it does not want. */
const isAnswer = (view: SipView, from: 'phone' | 'network', direction: 'outgoing' | 'incoming'): boolean =>
  (from === 'network') === (direction === 'outgoing') &&
  view.kind === 'response' &&
  view.method === 'INVITE' &&
  view.status >= 200 &&
  view.status < 300;

/** The call lasts as long as one of its dialogs. */
function hungUp(state: At<'talking'>, event: Extract<CallEvent, { on: 'sip' }>): Answer {
  const { facts, dialog, forks = [], leftForks = [] } = state;
  const { view, from, now } = event;
  const isOver = (one: Dialog): boolean => isOfDialog(one, view);
  const on = {
    ...state,
    forks: forks.filter((fork) => !isOver(fork)),
    leftForks: [...leftForks, ...forks.filter(isOver)],
  };
  if (!isOver(dialog)) return go(on, { do: 'forward' });
  const [next, ...others] = forks;
  if (next !== undefined) {
    return go({ ...state, dialog: next, forks: others, leftForks: [...leftForks, dialog] }, { do: 'forward' });
  }
  const callerLeft = (from === 'phone') === (facts.direction === 'outgoing');
  const mayLinger = from === 'phone' && facts.direction === 'outgoing' && facts.class !== 'emergency';
  const over = end(state, now, {
    cause: callerLeft ? 'caller-hung-up' : 'called-hung-up',
    sipStatus: 200,
    seconds: secondsSince(state.answeredAt, now),
    answeredAt: state.answeredAt.wall,
    complete: !state.away,
    ...(mayLinger ? { left: inMidDialog(dialog, view, from) } : {}),
  });
  return [over[0], [{ do: 'forward' }, ...over[1]]];
}
