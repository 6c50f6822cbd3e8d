import type { ClockBlock, EndCause } from '../../model/record.ts';
import { millis, minutes, seconds } from '../../model/units.ts';
import { detail, end, secondsSince, stopTalking } from './detail.ts';
import { byes } from './ending.ts';
import { talkingHears } from './hearing.ts';
import { REPEAT_FIRST } from './patience.ts';
import {
  type Answer,
  type At,
  type CallEffect,
  type CallEvent,
  type CallRules,
  go,
  heardAt,
  longestOf,
  type Talk,
  wait,
  withLink,
} from './words.ts';

/**
 * How often the kernel is asked for the RTP of a call, and how long it may be silent. A BYE that nobody sent, or that was
 * lost on the way, is rare, and a call on hold may be silent for long; one that the agent may have missed is not.
 */
const CALM = { look: seconds(30), silence: minutes(30) };
const AWAY = { look: seconds(5), silence: seconds(20) };

/** When to ask the kernel next whether the call still talks; one whose media it can't know only after an absence. */
export const watch = ({ away, expired, media }: Pick<Talk, 'away' | 'expired' | 'media'>): readonly CallEffect[] =>
  away || expired ? [wait('media', AWAY.look)] : media === undefined ? [] : [wait('media', CALM.look)];

/** A look when half of what is left is gone; whether more is asked for then, `creditDue` decides. */
export function creditTimers(talk: Talk, now: ClockBlock, rules: CallRules): readonly CallEffect[] {
  if (talk.paidFor === undefined) return [];
  const left = Math.max(0, talk.paidFor * 1000 - (now.mono - talk.answeredAt.mono));
  const ask = wait('credit', millis(Math.floor(left / 2)));
  const all = talk.paidFor * 1000 >= longestOf(talk.facts, rules);
  return rules.cutRunningCalls && !all ? [ask, wait('cut', millis(left))] : [ask];
}

export function onTalking(state: At<'talking'>, event: CallEvent, rules: CallRules): Answer {
  switch (event.on) {
    case 'sip':
      return talkingHears(state, event);
    case 'credit-given':
      return creditGiven(state, event);
    case 'recorded':
      return extended(state, event);
    case 'account-changed':
      return state.starved ? go({ ...state, starved: false }, wait('credit', millis(0))) : go(state);
    case 'link-changed':
      return go({ ...state, links: withLink(state.links, event.link) });
    case 'was-away': {
      const away = { ...state, away: true };
      return go(away, ...watch(away));
    }
    case 'media-checked':
      return mediaChecked(state, event);
    case 'waited':
      return talkingWaited(state, event, rules);
    default:
      return go(state);
  }
}

function creditGiven(state: At<'talking'>, event: Extract<CallEvent, { on: 'credit-given' }>): Answer {
  if (!state.asking) return go(state);
  if (event.seconds === 0) return go({ ...state, asking: false, starved: true });
  const mark = { what: 'extension', seconds: event.seconds } as const;
  return go(state, {
    do: 'record',
    event: { kind: 'call-extended', call: state.facts.call, reserved: event.reserved },
    mark,
  });
}

function extended(state: At<'talking'>, event: Extract<CallEvent, { on: 'recorded' }>): Answer {
  if (event.what !== 'extension') return go(state);
  return go({ ...state, asking: false, paidFor: (state.paidFor ?? 0) + event.seconds }, wait('credit', millis(0)));
}

function talkingWaited(state: At<'talking'>, event: Extract<CallEvent, { on: 'waited' }>, rules: CallRules): Answer {
  switch (event.name) {
    case 'credit':
      return creditDue(state, event.now, rules);
    case 'cut':
      return cut(state, event.now, 'cut-credit', state.paidFor ?? Number.MAX_SAFE_INTEGER);
    case 'longest':
      return longEnough(state, event.now, rules);
    case 'media':
      return mediaDue(state, event.now);
    case 'session':
      return go({ ...state, expired: true }, wait('media', AWAY.look));
    default:
      return go(state);
  }
}

/** The timers are set anew after each extension; only when half of the slice is gone is more asked for. */
function creditDue(state: At<'talking'>, now: ClockBlock, rules: CallRules): Answer {
  if (state.asking || state.paidFor === undefined) return go(state);
  const left = state.paidFor * 1000 - (now.mono - state.answeredAt.mono);
  const longest = longestOf(state.facts, rules);
  // All that the call can last is set aside (V-2, R-3): its end comes by itself, and not for want of credit.
  if (state.paidFor * 1000 >= longest) return go(state, { do: 'stop-waiting', name: 'cut' });
  if (left > longest) return go(state);
  const timers = creditTimers(state, now, rules);
  return left > askBelow(state)
    ? go(state, ...timers)
    : go({ ...state, asking: true }, { do: 'ask-credit' }, ...timers.slice(1));
}

/** Half of what was set aside so far, at most ten seconds. */
const askBelow = (state: At<'talking'>): number => Math.min(10_000, (state.paidFor ?? 0) * 500);

/**
 * V-1, C-1: no emergency call and no incoming call is ever cut. One that lasts so long may have ended unseen, so its
 * RTP is watched from here on: without that its record might never come.
 */
function longEnough(state: At<'talking'>, now: ClockBlock, rules: CallRules): Answer {
  if (state.facts.class !== 'emergency' && state.facts.direction === 'outgoing') {
    const longest = longestOf(state.facts, rules);
    const cause = longest < rules.longest ? 'cut-long-service' : 'cut-maximum-length';
    return cut(state, now, cause, Math.ceil(longest / 1000));
  }
  const away = { ...state, away: true, heard: state.away ? state.heard : heardAt(now) };
  return go(away, ...watch(away));
}

function mediaDue(state: At<'talking'>, now: ClockBlock): Answer {
  if (state.media !== undefined) return go(state, { do: 'check-media', media: state.media }, ...watch(state));
  // The kernel can't know this call. One that is paid for still has its credit and its longest time; others have nothing.
  return (state.away || state.expired) && state.paidFor === undefined ? lostFromSight(state, now) : go(state);
}

/** `atMost`: a timer that fires late by some milliseconds never makes a second more than that. */
function cut(state: At<'talking'>, now: ClockBlock, cause: EndCause, atMost: number): Answer {
  const { facts, dialog, links, media, forks = [] } = state;
  const seen = lastSeen(state, now);
  return go(
    { at: 'cutting', facts, dialog, links, media, tries: 0, unanswered: ['phone', 'network'] },
    ...byes(facts, dialog, ['phone', 'network']),
    ...forks.flatMap((one, fork) => byes(facts, one, ['phone', 'network'], fork)),
    {
      do: 'record',
      event: detail(state, seen, {
        cause,
        sipStatus: 200,
        seconds: Math.min(secondsSince(state.answeredAt, seen), atMost),
        answeredAt: state.answeredAt.wall,
        complete: !state.away,
      }),
    },
    ...stopTalking,
    wait('repeat', REPEAT_FIRST),
  );
}

/** A call that may have ended unseen is charged up to the last that the kernel heard of it, at the operator's loss. */
const lastSeen = ({ away, heard }: At<'talking'>, now: ClockBlock): ClockBlock => (away ? { ...now, ...heard } : now);

function mediaChecked(state: At<'talking'>, event: Extract<CallEvent, { on: 'media-checked' }>): Answer {
  if (event.heard) return go({ ...state, heard: heardAt(event.now) });
  const { silence } = state.away || state.expired ? AWAY : CALM;
  return event.now.mono - state.heard.mono < silence ? go(state) : lostFromSight(state, event.now);
}

function lostFromSight(state: At<'talking'>, now: ClockBlock): Answer {
  const lastHeard = { ...now, ...state.heard };
  return end(state, lastHeard, {
    cause: 'lost',
    sipStatus: 0,
    seconds: secondsSince(state.answeredAt, lastHeard),
    answeredAt: state.answeredAt.wall,
    complete: false,
  });
}
