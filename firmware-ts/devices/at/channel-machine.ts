import { never } from '../../../agent/model/never.ts';
import { millis } from '../../../agent/model/units.ts';
import type { Asking, AtOutcome, ChannelEffect, ChannelEvent, ChannelState, Phase, Question } from './channel-state.ts';
import { PRIORITIES } from './channel-state.ts';
import { hearLine } from './hear-line.ts';
import { PROBES } from './probes.ts';
import { restOf, scan } from './scanner.ts';
import { SET_UP } from './set-up.ts';

type Step = readonly [ChannelState, readonly ChannelEffect[]];

/** A module answers what it knows by itself in 300 ms; one that wakes up needs a second word. */
const PROBE_PATIENCE = millis(500);
const NOTHING: readonly ChannelEffect[] = [];
const IDLE: Phase = { at: 'idle' };
const MOST_TRIES = 4;
const SECRETS_KEPT = 16;

/**
 * One command in flight on an AT line, and nothing attributed to the wrong one. After a deadline, a cancellation or a
 * restart nobody knows what the modem still owes; so it is probed until it answers a question that only this probe asks.
 * V.250 6.1 has the modem answer in order: whatever was owed before has then been said.
 */
export function stepChannel(state: ChannelState, event: ChannelEvent): Step {
  switch (event.on) {
    case 'opened':
      return prove({ ...state, rest: '', head: undefined, needsSetUp: true }, false);
    case 'asked':
      return onAsked(state, event.question);
    case 'heard':
      return onHeard(state, event.text);
    case 'deadline':
      return onDeadline(state);
    case 'canceled':
      return onCanceled(state, event.id);
    case 'held':
      return next({ ...state, holder: event.holder });
    case 'line-lost':
      return onLost(state);
    default:
      return never(event);
  }
}

function onAsked(state: ChannelState, question: Question): Step {
  const later = state.queue.findIndex((waiting) => rank(waiting) > rank(question));
  const queue = state.queue.toSpliced(later < 0 ? state.queue.length : later, 0, question);
  const waiting = { ...state, queue };
  if (state.phase.at === 'lost')
    return [{ ...waiting, queue: state.queue }, [end(question.id, { at: 'lost', sent: false })]];
  return state.phase.at === 'deaf' ? prove(waiting, false) : next(waiting);
}

const rank = (question: Question): number => PRIORITIES.indexOf(question.priority);

/** Sends the first question that may go, if the line is free for one. */
function next(state: ChannelState): Step {
  if (state.phase.at !== 'idle' || state.queue.length === 0) return [state, NOTHING];
  const question = state.queue.find(
    ({ holder, priority }) => state.holder === undefined || holder === state.holder || priority === 'emergency',
  );
  if (question === undefined) return [state, []];
  const phase: Asking = { at: 'asking', question, heard: [], echoed: false, owesBody: false, prompted: false };
  const queue = state.queue.filter((waiting) => waiting !== question);
  const secrets =
    question.secrets.length === 0 ? state.secrets : [...question.secrets, ...state.secrets].slice(0, SECRETS_KEPT);
  return [
    { ...state, phase, queue, secrets },
    [
      { do: 'trace', way: '→', text: question.shown },
      { do: 'write', text: `${question.send}\r` },
      { do: 'wait', for: question.patience },
    ],
  ];
}

/** A channel that hears a text in one piece or in many says the same. */
function onHeard(state: ChannelState, text: string): Step {
  const effects: ChannelEffect[] = [];
  const heard = state.rest + text;
  let current = state;
  for (let from = 0; ; ) {
    const { token, next: after } = scan(heard, from, wantsPrompt(current.phase));
    if (token === undefined) return [{ ...current, rest: restOf(heard, after) }, effects];
    const [changed, more] = token.is === 'prompt' ? onPrompt(current) : onLine(current, token.text);
    current = changed;
    from = after;
    for (const effect of more) effects.push(effect);
  }
}

const wantsPrompt = (phase: Phase): boolean =>
  phase.at === 'asking' && phase.question.payload !== undefined && !phase.prompted;

function onPrompt(state: ChannelState): Step {
  if (state.phase.at !== 'asking') return [state, []];
  const { payload = '', shownPayload = '' } = state.phase.question;
  return [
    { ...state, phase: { ...state.phase, prompted: true } },
    [
      { do: 'trace', way: '→', text: shownPayload },
      { do: 'write', text: `${payload}\x1a` },
    ],
  ];
}

function onLine(state: ChannelState, line: string): Step {
  const heard = hearLine(state, line);
  switch (heard.so) {
    case 'go-on':
      return [heard.state, heard.effects];
    case 'proven':
      return idle({ ...heard.state, nextProbe: 0 }, [...heard.effects, { do: 'forget' }]);
    case 'restarted': {
      const [after, effects] = prove({ ...heard.state, needsSetUp: true }, false, 'restarted');
      return [after, [...heard.effects, { do: 'report', news: { on: 'restarted' } }, ...effects]];
    }
    case 'ended':
      return idle(heard.state, [...heard.effects, { do: 'forget' }, end(heard.id, heard.outcome)]);
    default:
      return never(heard);
  }
}

function idle(state: ChannelState, effects: readonly ChannelEffect[]): Step {
  const queue = state.needsSetUp ? [...SET_UP, ...state.queue] : state.queue;
  const echo = state.needsSetUp ? 'just-ordered-off' : state.echo;
  const [after, more] = next({ ...state, queue, echo, needsSetUp: false, phase: IDLE });
  return [after, more.length === 0 ? effects : [...effects, ...more]];
}

function onDeadline(state: ChannelState): Step {
  const { phase } = state;
  if (phase.at === 'asking') return prove(state, phase.question.payload !== undefined, 'silent');
  if (phase.at !== 'unproven') return [state, []];
  if (phase.tries < MOST_TRIES) return probe(state, phase.tries + 1, '');
  const ends = state.queue.map(({ id }) => end(id, { at: 'silent', sent: false }));
  return [{ ...state, queue: [], phase: { at: 'deaf' } }, [...ends, { do: 'report', news: { on: 'deaf' } }]];
}

function onCanceled(state: ChannelState, id: number): Step {
  if (state.phase.at === 'asking' && state.phase.question.id === id)
    return prove(state, state.phase.question.payload !== undefined, 'canceled');
  if (!state.queue.some((question) => question.id === id)) return [state, []];
  return [
    { ...state, queue: state.queue.filter((question) => question.id !== id) },
    [end(id, { at: 'canceled', sent: false })],
  ];
}

/** Ends what is in flight, if anything is, and asks what only the next answer can say. */
function prove(state: ChannelState, mayPrompt: boolean, why: 'silent' | 'canceled' | 'restarted' = 'silent'): Step {
  const ended =
    state.phase.at === 'asking' ? [end(state.phase.question.id, { at: why, sent: wasSent(state.phase) })] : [];
  // TS 27.005 3.5.1: ESC ends a text that was begun. Where no text was, it is a character that V.250 5.2.1 ignores.
  const [after, effects] = probe(state, 1, mayPrompt ? '\x1b' : '');
  return [after, [...ended, ...effects]];
}

function probe(state: ChannelState, tries: number, before: string): Step {
  const number = state.nextProbe;
  const send = PROBES[number]?.send ?? 'AT';
  return [
    {
      ...state,
      nextProbe: (number + 1) % PROBES.length,
      phase: { at: 'unproven', probe: number, tries, seen: false },
    },
    [
      { do: 'trace', way: '→', text: send },
      // The CR ends whatever half a line the modem has from before.
      { do: 'write', text: `${before}\r${send}\r` },
      { do: 'wait', for: PROBE_PATIENCE },
    ],
  ];
}

function onLost(state: ChannelState): Step {
  if (state.phase.at === 'lost') return [state, []];
  const flight =
    state.phase.at === 'asking' ? [end(state.phase.question.id, { at: 'lost', sent: wasSent(state.phase) })] : [];
  const ends = [...flight, ...state.queue.map(({ id }) => end(id, { at: 'lost', sent: false }))];
  const orphan: readonly ChannelEffect[] =
    state.head === undefined ? [] : [{ do: 'report', news: { on: 'urc', line: state.head, body: undefined } }];
  return [
    { ...state, phase: { at: 'lost' }, queue: [], rest: '', head: undefined, needsSetUp: true },
    [{ do: 'forget' }, ...orphan, ...ends, { do: 'report', news: { on: 'lost' } }],
  ];
}

const wasSent = ({ question, prompted }: Asking): boolean => question.payload === undefined || prompted;

const end = (id: number, outcome: AtOutcome): ChannelEffect => ({ do: 'end', id, outcome });
