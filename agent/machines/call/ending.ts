import type { Dialog } from '../../model/record.ts';
import { millis } from '../../model/units.ts';
import { beginsAgain } from './dialog.ts';
import { LINGER, REPEAT_FIRST, REPEATS } from './patience.ts';
import { type Answer, type At, type CallEffect, type CallEvent, type CallFacts, go, wait } from './words.ts';

/** RFC 3261 17.2.1: a final refusal is repeated until its ACK; the ACK is for the box and goes no further. */
export function onRefusing(state: At<'refusing'>, event: CallEvent): Answer {
  if (event.on === 'sip' && event.view.kind === 'request') {
    if (event.view.method === 'ACK')
      return go({ at: 'over', facts: state.facts }, { do: 'stop-waiting', name: 'repeat' }, wait('linger', LINGER));
    return event.view.method === 'INVITE' ? go(state, { do: 'repeat-refusal' }) : go(state);
  }
  if (event.on !== 'waited' || event.name !== 'repeat') return go(state);
  if (state.tries >= REPEATS) return go({ at: 'over', facts: state.facts }, wait('linger', LINGER));
  return go(
    { ...state, tries: state.tries + 1 },
    { do: 'repeat-refusal' },
    wait('repeat', millis(REPEAT_FIRST * 2 ** (state.tries + 1))),
  );
}

export function onCutting(state: At<'cutting'>, event: CallEvent): Answer {
  if (event.on === 'bye-answered') {
    const unanswered = state.unanswered.filter((side) => side !== event.from);
    if (unanswered.length > 0) return go({ ...state, unanswered });
    return go({ at: 'over', facts: state.facts }, { do: 'stop-waiting', name: 'repeat' }, wait('linger', LINGER));
  }
  // A party that hangs up by itself in these milliseconds is let through to the other.
  if (event.on === 'sip')
    return beginsAgain(state.facts, event.view, event.from) ? go(state) : go(state, { do: 'forward' });
  if (event.on !== 'waited' || event.name !== 'repeat') return go(state);
  if (state.tries >= REPEATS) return go({ at: 'over', facts: state.facts }, wait('linger', LINGER));
  return go(
    { ...state, tries: state.tries + 1 },
    ...byes(state.facts, state.dialog, state.unanswered),
    wait('repeat', millis(REPEAT_FIRST * 2 ** (state.tries + 1))),
  );
}

export function onOver(state: At<'over'>, event: CallEvent): Answer {
  if (event.on === 'sip' && state.left !== undefined && isRefusedBye(event)) return endForGood(state.facts, state.left);
  if (event.on === 'sip')
    return go(state, { do: beginsAgain(state.facts, event.view, event.from) ? 'repeat-refusal' : 'forward' });
  if (event.on === 'waited' && event.name === 'linger') return go(state, { do: 'forget' });
  return go(state);
}

/**
 * The far end refused the BYE with which the phone left, for its CSeq or its Max-Forwards say: nobody counts this call any
 * more, and it may go on. A phone that is challenged asks again by itself; who knows no dialog has none (RFC 3261 15.1.1).
 */
const isRefusedBye = ({ view, from }: Extract<CallEvent, { on: 'sip' }>): boolean =>
  from === 'network' &&
  view.kind === 'response' &&
  view.method === 'BYE' &&
  view.status >= 300 &&
  ![401, 407, 408, 481].includes(view.status);

function endForGood(facts: CallFacts, dialog: Dialog): Answer {
  const sides = ['phone', 'network'] as const;
  return go(
    { at: 'cutting', facts, dialog, links: [], media: undefined, tries: 0, unanswered: sides },
    { do: 'forward' },
    ...byes(facts, dialog, sides),
    { do: 'stop-waiting', name: 'linger' },
    wait('repeat', REPEAT_FIRST),
  );
}

export const byes = (
  facts: CallFacts,
  dialog: Dialog,
  sides: readonly ('phone' | 'network')[],
  fork?: number,
): readonly CallEffect[] =>
  sides.map((to) => ({
    ...{ do: 'send-bye', to, dialog, direction: facts.direction },
    ...(fork === undefined ? {} : { fork }),
  }));
