import type { HearOrder, ModemOrder } from '../../model/fax-modem.ts';
import { millis } from '../../model/units.ts';
import { indicatorPacket } from '../t38/ifp.ts';
import { type Bridge, type BridgeEffect, type BridgeNews, type BridgeStep, go } from './bridge-state.ts';
import { checkTurns } from './check-turns.ts';
import { modulationOf, trainingIndicator } from './rates.ts';

/** Between two signals of one side (T.30 5.3.2.3: 75 ± 20 ms). */
const GAP: ModemOrder = { do: 'be-silent', tens: 7 };
/** Copies of the last words go out for so long (`t38/protection.ts`). */
const LINGER = millis(750);

export const order = (wanted: ModemOrder): BridgeEffect => ({ do: 'order', order: wanted });
export const SILENCE: BridgeEffect = { do: 'say', packet: indicatorPacket('no-signal') };

/**
 * Nothing is left to play: listen for what comes next from the machine. Its training check begins 75 ms behind its DCS, and the
 * modem tells of a training only when it is over: the far end is told at once, so that it trains at the same time.
 */
export function listen(bridge: Bridge): BridgeStep {
  const { talk } = bridge;
  const wanted = nextHeard(bridge);
  const hear = order(wanted);
  if (wanted.do === 'hear-frames') {
    const listening = { at: 'listening', heard: { is: 'nothing' } } as const;
    // What the far end sends next it does not send any sooner because our modem is through with its words.
    const heard: Bridge = talk.leader === 'far' ? bridge : { ...bridge, talk: { ...talk, next: 'frames' } };
    return go({ ...heard, line: listening }, hear);
  }
  const { modulation } = wanted;
  if (talk.next !== 'check') return go({ ...bridge, line: { at: 'listening', heard: { is: 'nothing' } } }, hear);
  const announced = { ...bridge, line: { at: 'listening', heard: { is: 'announced', modulation } } } as const;
  return go(announced, hear, { do: 'say', packet: indicatorPacket(trainingIndicator(modulation)) });
}

/** What the machine sends next, as its modem is to be told. No check follows a DCS that nobody passed on. */
export function nextHeard({ talk, far, modulations }: Bridge): HearOrder {
  const rate = talk.leader === 'machine' && talk.next !== 'frames' ? talk.command?.rate : undefined;
  const modulation = rate && modulationOf(rate, talk.next === 'check' || talk.long ? 'long' : 'short');
  if (modulation === undefined || !modulations.includes(modulation))
    return far.open ? { do: 'hear-frames', turns: checkTurns(modulations) } : { do: 'hear-frames' };
  return { do: 'hear-page', modulation };
}

/** The machine leads and is speaking, or has announced that it will: its words win, and the far end will hear them and speak again. */
export function isSpokenOver({ line, talk }: Bridge): boolean {
  if (line.at === 'hung-up') return !line.calling;
  return talk.leader === 'machine' && line.at === 'listening' && !['nothing', 'ringing'].includes(line.heard.is);
}

/** Behind whatever the modem is at: a carrier for what the far end says. */
export function carry(bridge: Bridge, open: 'frames' | 'page', begin: ModemOrder): BridgeStep {
  const { line } = bridge;
  const playing = { at: 'playing', signals: 1, open } as const;
  switch (line.at) {
    case 'hung-up':
      return go({ ...bridge, line: playing }, order({ do: 'answer' }));
    case 'listening': {
      // Frames of the machine are let end, for they would not be heard to their end any sooner; the far end knows no more of them.
      if (line.heard.is === 'frames') return go({ ...bridge, line: playing }, SILENCE, order(begin));
      return go({ ...bridge, line: playing }, order({ do: 'stop' }), order(begin));
    }
    case 'playing':
      return go({ ...bridge, line: { ...playing, signals: line.signals + 1 } }, order(GAP), order(begin));
  }
}

/** The words of the far end are at their end: what of them is with the modem goes out. */
export function close(bridge: Bridge): BridgeStep {
  const { line } = bridge;
  if (line.at !== 'playing') return go(bridge);
  if (line.open === 'page') return go({ ...bridge, line: { ...line, open: undefined } }, order({ do: 'end-page' }));
  if (line.open === undefined) return go(bridge);
  // A signal without its last frame: flags would go on until the modem loses patience.
  const [next, effects] = listen(bridge);
  return go(next, order({ do: 'stop' }), ...effects);
}

/** One signal is through. */
export function played(bridge: Bridge): BridgeStep {
  const { line } = bridge;
  if (line.at !== 'playing') return go(bridge);
  if (line.signals > 1) return go({ ...bridge, line: { ...line, signals: line.signals - 1 } });
  if (bridge.ending !== undefined) return hangUp(bridge, outcomeOf(bridge, 'disconnected'));
  return listen(bridge);
}

/** After DCN of the machine: the modem is free at once, the copies of the last packets are still to go. */
export const release = (bridge: Bridge): BridgeStep =>
  go({ ...bridge, line: { at: 'hung-up', calling: false } }, order({ do: 'hang-up' }), {
    do: 'wait',
    name: 'linger',
    for: LINGER,
  });

export type Outcome = Extract<BridgeNews, { on: 'over' }>['outcome'];

/** The end of the call, told once. */
export function hangUp(bridge: Bridge, outcome: Outcome): BridgeStep {
  const { pages } = bridge.talk;
  const over: BridgeEffect = { do: 'tell', news: { on: 'over', outcome, pages } };
  if (bridge.line.at === 'hung-up') return go(closed(bridge), over);
  return go(closed(bridge), order({ do: 'hang-up' }), over);
}

const closed = (bridge: Bridge): Bridge => ({
  ...bridge,
  over: true,
  line: { at: 'hung-up', calling: false },
  far: { ...bridge.far, open: false, signal: { is: 'nothing' } },
});

/** Whether everything was confirmed before the end came. */
export function outcomeOf({ talk }: Bridge, otherwise: Outcome): Outcome {
  const isWhole = talk.pages > 0 && !talk.imagePassed && (talk.after === 'EOP' || talk.after === 'PRI-EOP');
  return isWhole ? 'all-confirmed' : otherwise;
}
