import { never } from '../../model/never.ts';
import { type Millis, millis, seconds } from '../../model/units.ts';
import type { Frame } from '../t30/frame.ts';
import { readIdentity } from '../t30/identity.ts';
import type { IfpPacket } from '../t38/ifp.ts';
import { endLull, type Heard, listen, loseTrack } from './ear.ts';
import { hearAnswer } from './hear-answer.ts';
import { hearCommand, hearImage, judgeCheck, tellToWait } from './hear-command.ts';
import { hush, isSpeaking, sayDue, tailOf } from './mouth.ts';
import { answered, beginAnew, beginAnswer, impatient, isAllConfirmed } from './receiving.ts';
import { askAgain, beginCall, leave, spoken } from './sending.ts';
import { UNANSWERED } from './sending-state.ts';
import { isToBeginAnew, pageKept, pageNotKept } from './take-page.ts';
import {
  andThen,
  type FaxOutcome,
  go,
  type Terminal,
  type TerminalEffect,
  type TerminalEvent,
  type TerminalRules,
  type TerminalStep,
  type TerminalTimer,
} from './terminal-state.ts';

/** Octets of V.21 come every 27 ms, or whole frames at most 3 s apart with nothing of the next one before. */
const LULL: TerminalEffect = { do: 'wait', name: 'lull', for: millis(600) };
/** A preamble, a frame of many octets, and what a slow gateway adds. */
const WHILE_IT_SPEAKS = seconds(8);

const WHILE_IT_COMES: TerminalEffect = { do: 'wait', name: 'patience', for: WHILE_IT_SPEAKS };

const isBusy = (terminal: Terminal): boolean =>
  isSpeaking(terminal) ||
  terminal.over ||
  terminal.ending !== undefined ||
  (terminal.work.at !== 'taking' && terminal.work.at !== 'checking');

/** T.30 of a terminal that sends or receives a document over T.38 by itself. Never throws on what is heard. */
export function stepTerminal(terminal: Terminal, event: TerminalEvent, rules: TerminalRules): TerminalStep {
  if (terminal.over) return go(terminal);
  const { now } = event;
  switch (event.on) {
    case 'opened':
      if (terminal.work.at !== 'silent') return go(terminal);
      return terminal.work.role === 'sends' ? beginCall(terminal, now, rules) : beginAnswer(terminal, now, rules);
    case 'packet':
      return hear(terminal, event.packet, now, rules);
    case 'packets-missing':
      return go({ ...terminal, ear: loseTrack(terminal.ear) });
    case 'waited':
      return onWait(terminal, event.name, now, rules);
    case 'page-kept':
      return pageKept(terminal, event.page, now);
    case 'page-not-kept':
      return pageNotKept(terminal, now);
    case 'closed':
      return end(terminal, terminal.ending ?? (isAllConfirmed(terminal) ? 'all-confirmed' : 'hung-up'));
    default:
      return never(event);
  }
}

function hear(terminal: Terminal, packet: IfpPacket, now: Millis, rules: TerminalRules): TerminalStep {
  const [ear, news] = listen(terminal.ear, packet);
  const frames = packet.kind === 'data' && packet.data === 'v21';
  // An image of which no frame is whole is an image all the same: T2 is for silence.
  const comes = packet.kind === 'data' && !frames && terminal.work.role === 'receives' && !isBusy(terminal);
  return andThen(
    go({ ...terminal, ear }, ...(frames ? [LULL] : []), ...(comes ? [WHILE_IT_COMES] : [])),
    ...news.map((one) => (heard: Terminal) => hearOne(heard, one, now, rules)),
  );
}

function hearOne(terminal: Terminal, heard: Heard, now: Millis, rules: TerminalRules): TerminalStep {
  if (terminal.over || terminal.work.at === 'silent') return go(terminal);
  switch (heard.on) {
    case 'signal-began':
      return isSpeaking(terminal) || terminal.ending !== undefined ? go(terminal) : holdOn(terminal);
    case 'frame-heard':
      return hearFrame(terminal, heard.frame, now, rules);
    case 'image-heard':
      return terminal.ending === undefined ? hearImage(terminal, heard.octets, now) : go(terminal);
    case 'signal-ended':
      return terminal.ending === undefined ? judgeCheck(terminal, now) : go(terminal);
    default:
      return never(heard);
  }
}

/** Words are on their way: nobody loses patience meanwhile. */
const holdOn = (terminal: Terminal): TerminalStep =>
  go(terminal, { do: 'wait', name: 'patience', for: WHILE_IT_SPEAKS });

function hearFrame(terminal: Terminal, frame: Frame, now: Millis, rules: TerminalRules): TerminalStep {
  if (frame.kind === 'DCN') return onDcn(terminal);
  if (terminal.ending !== undefined) return go(terminal);
  if (frame.kind === 'TSI' || frame.kind === 'CSI') {
    const station = readIdentity(frame.information);
    return go({ ...terminal, tally: { ...terminal.tally, station } });
  }
  return terminal.work.role === 'sends'
    ? hearAnswer(terminal, frame, now, rules)
    : hearCommand(terminal, frame, now, rules);
}

function onDcn(terminal: Terminal): TerminalStep {
  const outcome = terminal.ending ?? (isAllConfirmed(terminal) ? 'all-confirmed' : 'disconnected');
  return end(terminal, outcome);
}

function onWait(terminal: Terminal, name: TerminalTimer, now: Millis, rules: TerminalRules): TerminalStep {
  switch (name) {
    case 'pace':
      return onPace(terminal, now, rules);
    case 'lull': {
      const [ear, news] = endLull(terminal.ear);
      return andThen(
        go({ ...terminal, ear }),
        ...news.map((one) => (heard: Terminal) => hearOne(heard, one, now, rules)),
      );
    }
    case 'patience':
      return terminal.ending === undefined ? onPatience(terminal, now, rules) : go(terminal);
    case 'limit':
      return onLimit(terminal, now);
    default:
      return never(name);
  }
}

function onPace(terminal: Terminal, now: Millis, rules: TerminalRules): TerminalStep {
  const [paced, effects, said] = sayDue(terminal, now);
  if (!said || paced.ending !== undefined) return [paced, effects];
  const tail = tailOf(paced);
  if (paced.work.role === 'sends') return andThen([paced, effects], (one) => spoken(one, now, rules, tail));
  return andThen([paced, effects], (one) => (isToBeginAnew(one) ? beginAnew(one) : answered(one, tail)));
}

function onPatience(terminal: Terminal, now: Millis, rules: TerminalRules): TerminalStep {
  const { work } = terminal;
  if (work.role === 'sends') return work.at === 'calling' ? go(terminal) : askAgain(terminal, now, rules);
  if (work.at === 'keeping') return tellToWait(terminal, work, now);
  if (work.at === 'checking' && work.octets > 0) return judgeCheck(terminal, now);
  return impatient(terminal, now, rules);
}

/** T1 or T5 is over; or our DCN, with the time that its copies take. */
function onLimit(terminal: Terminal, now: Millis): TerminalStep {
  const { work, ending } = terminal;
  if (ending !== undefined) return end(terminal, ending);
  if (work.role === 'sends') return leave(terminal, UNANSWERED[work.at], now);
  return leave(terminal, work.at === 'keeping' ? 'receiver-not-ready' : 'no-fax-heard', now);
}

function end(terminal: Terminal, outcome: FaxOutcome): TerminalStep {
  const timers: readonly TerminalTimer[] = ['patience', 'limit', 'lull'];
  return andThen(
    hush({ ...terminal, over: true }),
    (one) => go(one, ...timers.map((name) => ({ do: 'forget', name }) as const)),
    (one) => go(one, { do: 'tell', news: { on: 'over', outcome, tally: one.tally } }),
  );
}
