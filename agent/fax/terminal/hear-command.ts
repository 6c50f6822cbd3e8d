import { type Millis, seconds } from '../../model/units.ts';
import { reverseBits } from '../t30/bit-order.ts';
import { readCommand } from '../t30/command.ts';
import type { Frame } from '../t30/frame.ts';
import { readEcmFrame, readPartialPage } from '../t30/partial-page.ts';
import { isSpoken } from './ear.ts';
import { hush, isSpeaking } from './mouth.ts';
import { answer, offer, withReceiving } from './receiving.ts';
import { type Receiving, startTaking, withChunk } from './receiving-state.ts';
import { bitRateOf } from './script.ts';
import { leave, T5 } from './sending.ts';
import { giveAnswer, takeBlock, takePage } from './take-page.ts';
import { andThen, go, type Terminal, type TerminalRules, type TerminalStep } from './terminal-state.ts';

type At<K extends Receiving['at']> = Extract<Receiving, { at: K }>;

/** T.30 5.4, T2. */
const T2 = seconds(7);
/** A check is good when nearly all that came of it is zeros, and two thirds of its 1.5 s came. */
const GOOD_SHARE = 0.95;
const LEAST_CHECK_MS = 1_000;
/** A page of 300 dots per inch in noise; more is no page. */
export const MOST_OCTETS = 8 << 20;

/** A frame of the sender (T.30 figure 5-2). What comes while we still answer is the question before. */
export function hearCommand(terminal: Terminal, frame: Frame, now: Millis, rules: TerminalRules): TerminalStep {
  const { work } = terminal;
  if (work.role !== 'receives' || work.at === 'silent') return go(terminal);
  if (frame.kind === 'FCD') return onEcmFrame(terminal, frame, now);
  if (frame.kind === 'DCS') return onDcs(terminal, frame, now);
  if (frame.kind === 'DTC') return leave(terminal, 'nothing-to-poll', now);
  if (isSpeaking(terminal)) return go(terminal);
  if (work.at === 'keeping') return hearWhileKeeping(terminal, work, frame, now);
  if (work.at === 'offering') return frame.kind === 'CRP' ? offer(terminal, now, rules) : go(terminal);
  if (work.at === 'checking') return go(terminal);
  return hearWhileTaking(terminal, work, frame, now);
}

function hearWhileTaking(terminal: Terminal, work: At<'taking'>, frame: Frame, now: Millis): TerminalStep {
  switch (frame.kind) {
    case 'MPS':
    case 'EOM':
    case 'EOP':
      return takePage(terminal, work, frame.kind, now);
    case 'PRI-MPS':
    case 'PRI-EOM':
    case 'PRI-EOP':
      return takePage(terminal, work, frame.kind.slice(4) as 'MPS', now);
    case 'PPS': {
      const block = readPartialPage(frame.information);
      return block === undefined ? go(terminal) : takeBlock(terminal, work, block, now);
    }
    case 'CTC': {
      const { rate } = readCommand(frame.information);
      if (!isSpoken(rate)) return go(terminal);
      const command = { ...work.command, rate };
      const tally = { ...terminal.tally, rate };
      return answer(withReceiving({ ...terminal, tally }, { ...work, command }), 'CTR', now);
    }
    case 'EOR':
      // The sender gives this block up: what there is of the page was never confirmed.
      return answer(
        withReceiving(terminal, { ...startTaking(work.command), role: 'receives', at: 'taking' }),
        'ERR',
        now,
      );
    case 'RR':
    case 'CRP':
      return work.answered === undefined ? go(terminal) : answer(terminal, work.answered.by, now);
    default:
      return go(terminal);
  }
}

/** T.30 Annex A.3.6: a sender that was told to wait asks with RR. */
function hearWhileKeeping(terminal: Terminal, work: At<'keeping'>, frame: Frame, now: Millis): TerminalStep {
  if (!work.toldToWait || (frame.kind !== 'RR' && frame.kind !== 'PPS')) return go(terminal);
  return work.kept ? giveAnswer(terminal, work, now) : answer(terminal, 'RNR', now);
}

/** The store takes long: with ECM there is a word for that, without it the sender repeats its question. */
export function tellToWait(terminal: Terminal, work: At<'keeping'>, now: Millis): TerminalStep {
  if (work.command.ecmFrame === undefined) return go(terminal);
  const waits = withReceiving(terminal, { ...work, toldToWait: true });
  return andThen(work.toldToWait ? go(waits) : go(waits, { do: 'wait', name: 'limit', for: T5 }), (one) =>
    answer(one, 'RNR', now),
  );
}

/** Whatever went before, the sender trains (anew). */
function onDcs(terminal: Terminal, frame: Frame, now: Millis): TerminalStep {
  const command = readCommand(frame.information);
  if (!isSpoken(command.rate)) return leave(terminal, 'incompatible', now);
  const tally = { ...terminal.tally, rate: command.rate, ecm: command.ecmFrame !== undefined };
  const checking = { role: 'receives', at: 'checking', command, octets: 0, zeros: 0 } as const;
  const wait = { do: 'wait', name: 'patience', for: T2 } as const;
  return andThen(hush(withReceiving({ ...terminal, tally }, checking)), (one) =>
    go(one, wait, { do: 'forget', name: 'limit' }),
  );
}

/** Octets of an image without ECM, or of a training check. */
export function hearImage(terminal: Terminal, octets: Uint8Array, now: Millis): TerminalStep {
  const { work } = terminal;
  if (work.role !== 'receives') return go(terminal);
  const wait = { do: 'wait', name: 'patience', for: T2 } as const;
  if (work.at === 'checking') {
    const zeros = octets.reduce((count, octet) => count + (octet === 0 ? 1 : 0), work.zeros);
    return go(withReceiving(terminal, { ...work, octets: work.octets + octets.length, zeros }), wait);
  }
  if (work.at !== 'taking' || work.command.ecmFrame !== undefined) return go(terminal);
  const image = withChunk(work.image, octets);
  if (image.size > MOST_OCTETS) return leave(terminal, 'receiver-not-ready', now);
  return go(withReceiving(terminal, { ...work, image }), wait);
}

function onEcmFrame(terminal: Terminal, frame: Frame, now: Millis): TerminalStep {
  const { work } = terminal;
  if (work.role !== 'receives' || work.at !== 'taking' || work.command.ecmFrame === undefined) return go(terminal);
  const read = readEcmFrame(frame.information);
  if (read === undefined || read.octets.length > work.command.ecmFrame) return go(terminal);
  const size = work.blocks.reduce((sum, block) => sum + block.length, 0);
  if (size > MOST_OCTETS) return leave(terminal, 'receiver-not-ready', now);
  const frames = new Map(work.frames).set(read.number, reverseBits(read.octets));
  return go(withReceiving(terminal, { ...work, frames }), { do: 'wait', name: 'patience', for: T2 });
}

/** The carrier went: a training check is judged. */
export function judgeCheck(terminal: Terminal, now: Millis): TerminalStep {
  const { work } = terminal;
  if (work.role !== 'receives' || work.at !== 'checking' || work.octets === 0) return go(terminal);
  const { rate } = work.command;
  const least = ((rate === undefined ? 0 : bitRateOf(rate)) * LEAST_CHECK_MS) / 8_000;
  const good = work.zeros >= work.octets * GOOD_SHARE && work.zeros >= least;
  if (!good) return answer(withReceiving(terminal, { ...work, octets: 0, zeros: 0 }), 'FTT', now);
  return answer(withReceiving(terminal, { ...startTaking(work.command), role: 'receives', at: 'taking' }), 'CFR', now);
}
