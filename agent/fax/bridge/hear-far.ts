import { never } from '../../model/never.ts';
import { millis } from '../../model/units.ts';
import { reverseBits } from '../t30/bit-order.ts';
import { readFrame, writeFrame } from '../t30/frame.ts';
import { enframe } from '../t30/hdlc-line.ts';
import { isWholeFinalFrame } from '../t30/whole-frame.ts';
import type { DataType, Indicator } from '../t38/code-points.ts';
import { gather, type HdlcNews, startBurst } from '../t38/hdlc-burst.ts';
import type { IfpPacket } from '../t38/ifp.ts';
import { andThen, type Bridge, type BridgeEffect, type BridgeRules, type BridgeStep, go } from './bridge-state.ts';
import { beginImage, isCheck, isUnheard, onImage } from './far-image.ts';
import { replayBegins } from './hear-machine.ts';
import { askAgain, isHeld } from './held-frames.ts';
import { carry, close, isSpokenOver } from './line.ts';
import { modulationOf, modulationTrained } from './rates.ts';
import { makeCheck, passable, speak } from './speak.ts';
import { followFrame, judgePage } from './talk.ts';

const FINAL = 0x10;
/** Octets of V.21 come every 27 ms, or whole frames at most 3 s apart with nothing of the next one before. */
const LULL: BridgeEffect = { do: 'wait', name: 'lull', for: millis(600) };
/** The preamble, 1 s, and a whole PPR, 1 s, whatever the path adds: a machine that hears flags gives up after 3 s (T.30 5.4.3.1). */
const FIRST_LULL: BridgeEffect = { do: 'wait', name: 'lull', for: millis(2_400) };

/** A packet of the far end, as the machine is to hear it. What follows a lost indicator says itself what it is. */
export function hearFar(bridge: Bridge, packet: IfpPacket, rules: BridgeRules): BridgeStep {
  if (packet.kind === 'indicator') return onIndicator(bridge, packet.indicator);
  // Some say the end of a signal twice.
  const isMore = packet.fields.some(({ octets }) => octets.length > 0);
  const begin = packet.data === 'v21' ? inFrames : inImage;
  const [begun, effects] = isMore ? begin(bridge, packet.data) : go(bridge);
  const [burst, news] = gather(begun.far.burst, packet);
  // A gap before a signal may have had its first octets as well.
  const { signal } = begun.far;
  const heardOf = signal.is === 'frames' && isMore ? { ...signal, silent: false } : signal;
  const gathered = { ...begun, far: { ...begun.far, signal: heardOf, burst, broken: bridge.far.broken } };
  const plain = packet.fields
    .filter(({ type }) => type === 't4-non-ecm-data')
    .map(
      ({ octets }) =>
        (now: Bridge) =>
          onImage(now, reverseBits(octets)),
    );
  const heard = news.map((one) => (now: Bridge) => onNews(now, one, rules));
  const lull: readonly BridgeEffect[] = packet.data === 'v21' && isMore ? [LULL] : [];
  return andThen(go(gathered, ...effects, ...lull), ...plain, ...heard);
}

/**
 * The last packet of a burst is lost to a peer that says it once: then the frame before it is there to its last octet, and only the
 * verdict on it is missing. It is better taken than asked for again, for which T.30 has three tries. A frame that stops in its middle
 * is given up, and our carrier with it: as long as there are flags the machine would not ask again.
 */
export function endLull(bridge: Bridge, rules: BridgeRules): BridgeStep {
  const { signal, burst, broken } = bridge.far;
  if (signal.is === 'image' && isCheck(bridge)) return andThen(endSignal(bridge), leaveRest);
  if (isUnheard(bridge)) return fallSilent(bridge);
  const octets = reverseBits(burst.octets);
  if (signal.is !== 'frames' || signal.closed || (octets.length === 0 && !signal.silent)) return go(bridge);
  if (!broken && isWholeFinalFrame(octets)) return andThen(onFrame(bridge, octets, rules), endSignal);
  const given: Bridge = { ...bridge, far: { ...bridge.far, broken: true } };
  if (signal.held) return askAgain(given);
  return signal.dropped ? go(given) : close(given);
}

/** The rest of a check may still come, late or with what follows it, and is not the image that is waited for by then. */
const leaveRest = (bridge: Bridge): BridgeStep =>
  go({ ...bridge, far: { ...bridge.far, signal: { is: 'image', dropped: true, late: true } } });

/** Packets are gone for good: the frame that they were of is broken. */
export const missPackets = (bridge: Bridge): BridgeStep =>
  go({ ...bridge, far: { ...bridge.far, broken: true, path: 'losing' } });

function onIndicator(bridge: Bridge, indicator: Indicator): BridgeStep {
  const reset: Bridge = { ...bridge, far: { ...bridge.far, burst: startBurst(), broken: false } };
  const modulation = modulationTrained(indicator);
  if (modulation !== undefined) return andThen(endSignal(reset), (now) => beginImage(now, indicator));
  switch (indicator) {
    case 'no-signal':
      return fallSilent(reset);
    case 'ced':
      return reset.line.at === 'hung-up' && reset.line.calling
        ? carry(reset, 'frames', { do: 'send-frames' })
        : go(reset);
    case 'v21-preamble':
      return andThen(endSignal(reset), beginFrames, awaitFrame);
    default:
      return go(reset);
  }
}

/** Behind a command frames are short, and soon there or lost whole; who has not been told anything yet may say more of itself. */
function awaitFrame(bridge: Bridge): BridgeStep {
  const { signal } = bridge.far;
  const isAwaited = bridge.talk.command !== undefined && signal.is === 'frames' && !signal.dropped;
  return isAwaited ? go(bridge, FIRST_LULL) : go(bridge);
}

const inFrames = (bridge: Bridge): BridgeStep =>
  bridge.far.signal.is === 'frames' ? go(bridge) : andThen(endSignal(bridge), beginFrames);

function inImage(bridge: Bridge, data: DataType): BridgeStep {
  if (bridge.far.signal.is === 'image' || modulationOf(data, 'short') === undefined) return go(bridge);
  return andThen(endSignal(bridge), (now) => beginImage(now, data));
}

function beginFrames(bridge: Bridge): BridgeStep {
  const dropped = isSpokenOver(bridge);
  // Behind CED the flags are there already.
  const flags = bridge.line.at === 'playing' && bridge.line.open === 'frames';
  const held = !dropped && !flags && isHeld(bridge);
  const begun: Bridge = {
    ...bridge,
    far: { ...bridge.far, signal: { is: 'frames', dropped, closed: false, held, silent: true } },
  };
  if (dropped || held || flags) return go(begun);
  return carry(begun, 'frames', { do: 'send-frames' });
}

function onNews(bridge: Bridge, news: HdlcNews, rules: BridgeRules): BridgeStep {
  switch (news.on) {
    case 'frame-heard': {
      const { broken } = bridge.far;
      const whole: Bridge = { ...bridge, far: { ...bridge.far, broken: false } };
      if (broken || !news.good) return go(whole);
      return bridge.far.signal.is === 'image'
        ? onImage(whole, enframe([news.octets], 1))
        : onFrame(whole, news.octets, rules);
    }
    case 'signal-ended':
      return fallSilent(bridge);
    default:
      return never(news);
  }
}

function onFrame(bridge: Bridge, octets: Uint8Array, rules: BridgeRules): BridgeStep {
  const { far, talk } = bridge;
  if (far.signal.is !== 'frames' || far.signal.closed) return go(bridge);
  const { frame } = readFrame(octets);
  const passed = frame && passable(bridge, frame, rules);
  const judged = passed ? judgePage(talk, passed, 'far') : talk;
  const confirmed: readonly BridgeEffect[] =
    judged.pages > talk.pages
      ? [{ do: 'tell', news: { on: 'page-confirmed', pages: judged.pages, direction: 'sent' } }]
      : [];
  const dropped = far.signal.dropped || (far.signal.held && isSpokenOver(bridge));
  const isForUs = !dropped || (passed?.kind === 'DCN' && bridge.line.at !== 'hung-up');
  if (!isForUs) return go({ ...bridge, talk: judged }, ...confirmed);
  const last = ((octets[1] ?? 0) & FINAL) !== 0;
  const followed: Bridge = {
    ...bridge,
    talk: passed ? followFrame(judged, passed, 'far') : judged,
    far: { ...far, signal: { ...far.signal, closed: last, held: false }, asked: 0 },
    checkFailed: bridge.checkFailed && passed?.kind !== 'FTT',
    ending: passed?.kind === 'DCN' ? 'far' : bridge.ending,
  };
  const steps = [
    (now: Bridge) => speak(now, passed ? writeFrame(passed) : octets, last),
    ...(passed?.kind === 'DCS' && last && rules.trainingCheck === 'local' ? [makeCheck] : []),
  ];
  return andThen(go(followed, ...confirmed), ...steps);
}

/** The far end is silent, or begins something else. */
export function endSignal(bridge: Bridge): BridgeStep {
  const { signal } = bridge.far;
  if (signal.is === 'nothing') return go(bridge);
  const wasCheck = signal.is === 'image' && isCheck(bridge);
  const ended: Bridge = {
    ...bridge,
    talk: wasCheck ? { ...bridge.talk, next: 'frames' } : bridge.talk,
    far: { ...bridge.far, signal: { is: 'nothing' }, burst: startBurst(), broken: false },
  };
  return signal.dropped ? go(ended) : close(ended);
}

/** The far end is silent and hears: what the machine said into an image of its, and that a command was not whole. */
function fallSilent(bridge: Bridge): BridgeStep {
  const { signal } = bridge.far;
  if (signal.is === 'frames' && signal.held) return askAgain(bridge);
  return isUnheard(bridge) ? andThen(endSignal(bridge), replayBegins) : endSignal(bridge);
}
