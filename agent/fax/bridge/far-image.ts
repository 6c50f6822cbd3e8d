import { millis } from '../../model/units.ts';
import type { DataType, Indicator } from '../t38/code-points.ts';
import { andThen, type Bridge, type BridgeEffect, type BridgeStep, go } from './bridge-state.ts';
import { carry, isSpokenOver, order } from './line.ts';
import { modulationOf, modulationTrained, withLongTraining } from './rates.ts';
import { passImage } from './talk.ts';

/**
 * A training check is over so long after it was announced: 1.4 s of V.17, 1.5 s of zeros and what the path adds. Its end may be lost with
 * all that follows it, and then nothing would come before the far end asks again, while the machine hears zeros and can't answer.
 */
const CHECK_OVER: BridgeEffect = { do: 'wait', name: 'lull', for: millis(3_700) };
/** Flags between ECM frames and zeros in a training check do no harm, so no page hangs on what is in hand before. */
const SHORT_LEAD = millis(250);

/** A training or an image of the far end begins, and the machine is to train with it. */
export function beginImage(bridge: Bridge, named: Indicator | DataType): BridgeStep {
  const { talk } = bridge;
  const check = talk.next === 'check';
  const long = check || talk.long;
  const said = modulationTrained(named as Indicator) ?? modulationOf(named as DataType, long ? 'long' : 'short');
  const dropped = said === undefined || isUnannounced(bridge) || bridge.line.at === 'hung-up' || isSpokenOver(bridge);
  const begun: Bridge = { ...bridge, far: { ...bridge.far, signal: { is: 'image', dropped, late: false } } };
  if (dropped) return isUnannounced(bridge) ? go(begun, CHECK_OVER) : go(begun);
  // After FTT a short training would find nothing that it could be the continuation of.
  const modulation = long ? withLongTraining(said) : said;
  const filler = !check && talk.command?.ecmFrame !== undefined ? 'flags' : 'zeros';
  const order = { do: 'send-page', modulation, filler } as const;
  const begin = carry(begun, 'page', check || filler === 'flags' ? { ...order, lead: SHORT_LEAD } : order);
  return check ? andThen(begin, (now) => go(now, CHECK_OVER)) : begin;
}

/** Octets for the carrier that is on the line. */
export function onImage(bridge: Bridge, octets: Uint8Array): BridgeStep {
  const { line, far, talk } = bridge;
  if (far.signal.is !== 'image' || (far.signal.dropped && talk.leader === 'far')) return go(bridge);
  const passed = talk.next === 'check' ? bridge : { ...bridge, talk: passImage(talk) };
  if (far.signal.dropped || line.at !== 'playing' || line.open !== 'page') return go(passed);
  return go(passed, order({ do: 'page', octets }));
}

/** The far end leads, and what it sends behind its DCS is a training check. */
export const isCheck = ({ talk }: Bridge): boolean => talk.next === 'check' && talk.leader === 'far';

/** A check whose DCS was lost: the machine expects none, and says its DIS meanwhile. */
const isUnannounced = ({ talk }: Bridge): boolean => talk.next === 'frames' && talk.leader === 'far';

/** The far end leads and sends an image that the machine does not get: what the machine says can't be heard there. */
export const isUnheard = ({ far, talk }: Bridge): boolean =>
  talk.leader === 'far' && far.signal.is === 'image' && far.signal.dropped && !far.signal.late;
