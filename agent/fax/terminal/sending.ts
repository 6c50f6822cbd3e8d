import { never } from '../../model/never.ts';
import { type Millis, millis, seconds } from '../../model/units.ts';
import type { Training } from '../bridge/rates.ts';
import { writeCommand } from '../t30/command.ts';
import { FRAME_KINDS, type FrameKind } from '../t30/frame-kinds.ts';
import { writeIdentity } from '../t30/identity.ts';
import { type AfterBlock, writePartialPage } from '../t30/partial-page.ts';
import { paperWidth } from './choose-mode.ts';
import { speak } from './mouth.ts';
import { BLOCK_FRAMES, blocksIn, framesOfBlock } from './outgoing-page.ts';
import { checkSignal, ecmSignal, framesSignal, plainSignal, type Signal, tone } from './script.ts';
import { type Sending, type SendingTalk, UNANSWERED } from './sending-state.ts';
import {
  andThen,
  type FaxOutcome,
  go,
  type Terminal,
  type TerminalRules,
  type TerminalStep,
} from './terminal-state.ts';

/** T.30 5.3.6: at most three times. */
const TRIES = 3;
/** T.30 5.4: T1 35 s, with some for the call to be put through; T4 3 s + 15 %; T5 60 s. */
const T1 = seconds(40);
const T4 = millis(3_450);
export const T5 = seconds(60);
/** DCN, with the copies of its packet (`t38/protection.ts`). */
const LINGER = millis(750);
const CNG = { lasting: millis(500), silence: seconds(3) };

const sendingOf = ({ work }: Terminal): Sending => {
  if (work.role !== 'sends') throw new Error('a terminal that receives has no document to send');
  return work;
};

export const withSending = (terminal: Terminal, more: Partial<Sending>): Terminal => ({
  ...terminal,
  work: { ...sendingOf(terminal), ...more },
});

/** A question that has not been asked before. */
export const ask = (terminal: Terminal, at: Sending['at'], now: Millis, rules: TerminalRules): TerminalStep =>
  askAgain(withSending(terminal, { at, tries: 0 }), now, rules);

/** Says what the present state waits to be answered, three times at most (T.30 figure 5-2). */
export function askAgain(terminal: Terminal, now: Millis, rules: TerminalRules): TerminalStep {
  const sending = sendingOf(terminal);
  const counted = withSending(terminal, { tries: sending.tries + 1 });
  // RR is repeated for as long as T5 runs.
  if (sending.tries >= TRIES && sending.at !== 'waiting') return leave(terminal, UNANSWERED[sending.at], now);
  switch (sending.at) {
    case 'calling':
      return speak(counted, now, tone('cng', CNG.lasting, CNG.silence));
    case 'checking':
      return train(counted, now, rules);
    case 'asking':
      return speak(counted, now, framesSignal([postMessage(sending)]));
    case 'waiting':
      return speak(counted, now, framesSignal([commandOf('RR')]));
    case 'retraining': {
      const command = sending.talk && { ...sending.talk.mode.command, rate: sending.talk.mode.rates[0] };
      return speak(counted, now, framesSignal([commandOf('CTC', command && writeCommand(command))]));
    }
    case 'dropping':
      return speak(counted, now, framesSignal([commandOf('EOR', Uint8Array.of(FRAME_KINDS.EOP.code | 1))]));
    case 'silent':
      return go(terminal);
    default:
      return never(sending.at);
  }
}

/** Everything was said: the far end has its time to answer. */
export function spoken(terminal: Terminal, now: Millis, rules: TerminalRules, tail: Millis): TerminalStep {
  const sending = sendingOf(terminal);
  switch (sending.at) {
    case 'calling':
      return askAgain(withSending(terminal, { tries: 0 }), now, rules);
    default:
      return go(terminal, { do: 'wait', name: 'patience', for: millis(T4 + tail) });
  }
}

export const beginCall = (terminal: Terminal, now: Millis, rules: TerminalRules): TerminalStep =>
  andThen(go(terminal, { do: 'wait', name: 'limit', for: T1 }), (begun) => ask(begun, 'calling', now, rules));

/** With DCN, and what came of it. */
export function leave(terminal: Terminal, outcome: FaxOutcome, now: Millis): TerminalStep {
  const dcn = framesSignal([{ kind: 'DCN', final: true, x: terminal.work.role === 'sends', information: NOTHING }]);
  return andThen(go({ ...terminal, ending: outcome }, { do: 'wait', name: 'limit', for: LEAVING }), (left) =>
    speak(left, now, dcn),
  );
}

/** The preamble, the frame, and the time that its copies take. */
const LEAVING = millis(1_300 + LINGER);
const NOTHING = new Uint8Array(0);

const commandOf = (kind: FrameKind, information: Uint8Array = NOTHING) => ({ kind, final: true, x: true, information });

function train(terminal: Terminal, now: Millis, { stationId }: TerminalRules): TerminalStep {
  const { talk } = sendingOf(terminal);
  const rate = talk?.mode.rates[0];
  if (talk === undefined || rate === undefined) return leave(terminal, 'training-failed', now);
  const command = { ...talk.mode.command, rate };
  const tally = { ...terminal.tally, rate, ecm: command.ecmFrame !== undefined };
  const frames = [
    { kind: 'TSI', final: false, x: true, information: writeIdentity(stationId) },
    commandOf('DCS', writeCommand(command)),
  ] as const;
  return speak({ ...terminal, tally }, now, framesSignal(frames), checkSignal(rate));
}

/** The image that is due, the whole page or what is wanted of a block, and the question behind it. */
export function sendImage(terminal: Terminal, now: Millis, training: Training): TerminalStep {
  const sending = sendingOf(terminal);
  const { talk } = sending;
  const rate = talk?.mode.rates[0];
  if (talk === undefined || rate === undefined) return go(terminal);
  const asking = withSending(terminal, { at: 'asking', tries: 1 });
  return speak(asking, now, imageOf(talk, rate, training), framesSignal([postMessage(sending)]));
}

function imageOf(
  { mode, octets, block, wanted }: SendingTalk,
  rate: NonNullable<SendingTalk['mode']['rates'][0]>,
  training: Training,
): Signal {
  if (mode.command.ecmFrame === undefined) return plainSignal(octets, rate, training);
  const frames = framesOfBlock(octets, block).filter(({ number }) => wanted.includes(number));
  return ecmSignal(frames, rate, training);
}

/** What follows the present page (T.30 5.3.6.1.6): EOM where the next one has another size or resolution. */
export function afterPage({ document, page }: Sending): 'MPS' | 'EOM' | 'EOP' {
  const [here, next] = [document[page], document[page + 1]];
  if (here === undefined || next === undefined) return 'EOP';
  return here.resolution === next.resolution && paperWidth(here) === paperWidth(next) ? 'MPS' : 'EOM';
}

function postMessage(sending: Sending): ReturnType<typeof commandOf> {
  const { talk, page } = sending;
  const after = afterPage(sending);
  if (talk?.mode.command.ecmFrame === undefined) return commandOf(after);
  const last = talk.block + 1 >= blocksIn(talk.octets);
  const said: AfterBlock = last ? after : 'NULL';
  const frames = framesOfBlock(talk.octets, talk.block).length;
  const block = { after: said, page: page & 0xff, block: talk.block & 0xff, frames };
  return commandOf('PPS', writePartialPage(block, true));
}

/** Numbers of all frames that a block can have. */
export const ALL_FRAMES: readonly number[] = Array.from({ length: BLOCK_FRAMES }, (_, number) => number);
