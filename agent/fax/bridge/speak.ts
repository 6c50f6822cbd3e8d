import { editFrame } from '../t30/edit-frame.ts';
import type { Frame } from '../t30/frame.ts';
import { type Bridge, type BridgeRules, type BridgeStep, go } from './bridge-state.ts';
import { octetsIn } from './hear-image.ts';
import { carry, close, nextHeard, order } from './line.ts';
import { familiesWithin, modulationOf } from './rates.ts';

/** A training check lasts 1.5 s (T.30 5.3.6.1.3). */
const CHECK_MS = 1_500;

/** Flags that the modem gave up on, because the frame was too long under way, are begun again. */
export function speak(bridge: Bridge, octets: Uint8Array, last: boolean): BridgeStep {
  const { line } = bridge;
  const isOpen = line.at === 'playing' && line.open === 'frames';
  const [open, effects] = isOpen ? go(bridge) : carry(bridge, 'frames', { do: 'send-frames' });
  const spoken: Bridge =
    last && open.line.at === 'playing' ? { ...open, line: { ...open.line, open: undefined } } : open;
  // What our own check follows, and what hangs up, is not for the modem to go on with.
  const goesOn = last && spoken.ending === undefined;
  return go(spoken, ...effects, order({ do: 'frame', octets, last, ...(goesOn ? { behind: nextHeard(spoken) } : {}) }));
}

/** A frame as it may go on; a CFR for a check that failed here is none (T.38 8.1, method 1). */
export function passable(bridge: Bridge, frame: Frame, rules: BridgeRules): Frame {
  if (frame.kind === 'CFR' && bridge.checkFailed) return { ...frame, kind: 'FTT' };
  return editFrame(frame, { modulations: familiesWithin(bridge.modulations, rules.maxBitRate), ecm: rules.ecm });
}

/** The training check that the far end does not send (T.38 8.1, method 1). */
export function makeCheck(bridge: Bridge): BridgeStep {
  const rate = bridge.talk.command?.rate;
  const modulation = rate && modulationOf(rate, 'long');
  if (modulation === undefined) return go(bridge);
  const [made, effects] = carry(bridge, 'page', { do: 'send-page', modulation, filler: 'zeros' });
  const zeros = order({ do: 'page', octets: new Uint8Array(octetsIn(modulation, CHECK_MS)) });
  const [ended, last] = close(made);
  return go({ ...ended, talk: { ...ended.talk, next: 'frames' } }, ...effects, zeros, ...last);
}
