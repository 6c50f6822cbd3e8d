import { never } from '../../model/never.ts';
import { millis } from '../../model/units.ts';
import { writeFrame } from '../t30/frame.ts';
import { indicatorPacket } from '../t38/ifp.ts';
import {
  andThen,
  type Bridge,
  type BridgeEffect,
  type BridgeEvent,
  type BridgeRules,
  type BridgeStep,
  type BridgeTimer,
  go,
} from './bridge-state.ts';
import { endLull, endSignal, hearFar, missPackets } from './hear-far.ts';
import { FRAMES_END, hearMachine, replay, replayBegins } from './hear-machine.ts';
import { seePath } from './held-frames.ts';
import { hangUp, listen, order, outcomeOf, SILENCE } from './line.ts';
import { speak } from './speak.ts';
import { startTalk } from './talk.ts';

const DISCONNECT = writeFrame({ kind: 'DCN', final: true, x: false, information: new Uint8Array(0) });
const WATCH: BridgeEffect = { do: 'wait', name: 'watch', for: millis(2_500) };
/** Beats of the watch, 2.5 s each. A training that was announced begins within 75 ms, and is through within 1.4 s. */
const ANNOUNCED_BEATS = 2;
/** The longest frame of V.21 takes 3 s. */
const FRAME_BEATS = 3;
const IMAGE_BEATS = 3;
const STUCK_BEATS = 8;
/** T1 of T.30, 35 s, and a beat for either side's way. */
const T1_BEATS = 16;

/**
 * A fax machine behind a Class 1 modem and a T.38 peer, each hearing what the other says, in real time (X-1; T.38 8, T.30 5). There is
 * no T.30 of its own here: it listens to both and knows from that what to listen for next, for the modem hears one modulation at a
 * time. Pages that are confirmed are told, once each.
 */
export function stepBridge(bridge: Bridge, event: BridgeEvent, rules: BridgeRules): BridgeStep {
  if (bridge.over) return go(bridge);
  switch (event.on) {
    case 'machine-called':
      return go({ ...bridge, line: { at: 'hung-up', calling: true }, talk: startTalk('machine') }, WATCH);
    case 'far-called':
      return go(
        { ...bridge, line: { at: 'listening', heard: { is: 'ringing' } }, talk: startTalk('far') },
        order({ do: 'dial', digits: event.digits }),
        WATCH,
      );
    case 'far-opened':
      return openFar(bridge);
    case 'far-closed':
      return isOver(bridge) ? go(bridge) : hangUp(bridge, outcomeOf(bridge, 'hung-up'));
    case 'far-refused':
      return isOver(bridge) ? go(bridge) : speak({ ...bridge, ending: 'far' }, DISCONNECT, true);
    case 'modem':
      return hearMachine(heardFrom(bridge, 'machine'), event.news, rules);
    case 'packet':
      return hearFar(heardFrom(bridge, 'far'), event.packet, rules);
    case 'packets-missing':
      return missPackets(bridge);
    case 'loss-seen':
      return go(seePath(bridge, event.loss));
    case 'waited':
      return onWaited(bridge, event.name, rules);
    default:
      return never(event);
  }
}

const heardFrom = (bridge: Bridge, side: 'machine' | 'far'): Bridge =>
  bridge.quiet[side] === 0 ? bridge : { ...bridge, quiet: { ...bridge.quiet, [side]: 0 } };

const isOver = ({ line }: Bridge): boolean => line.at === 'hung-up' && !line.calling;

function openFar(bridge: Bridge): BridgeStep {
  const open: Bridge = { ...bridge, far: { ...bridge.far, open: true } };
  if (bridge.line.at === 'hung-up')
    return bridge.line.calling ? go(open, { do: 'say', packet: indicatorPacket('cng') }) : go(bridge);
  const [begun, effects] = replayBegins(open);
  return effects.length === 0 ? go(begun) : go(begun, { do: 'say', packet: indicatorPacket('ced') }, ...effects);
}

function onWaited(bridge: Bridge, name: BridgeTimer, rules: BridgeRules): BridgeStep {
  switch (name) {
    case 'watch':
      return isOver(bridge) ? go(bridge) : onBeat(bridge);
    case 'replay':
      return replay(bridge, rules);
    case 'lull':
      return endLull(bridge, rules);
    case 'linger':
      return hangUp(bridge, outcomeOf(bridge, bridge.talk.pages > 0 ? 'disconnected' : 'machine-stopped'));
    default:
      return never(name);
  }
}

/** Whatever began and did not end is ended: no fault of one side leaves the other waiting (T.30 5.4.3). */
function onBeat(before: Bridge): BridgeStep {
  const quiet = { machine: before.quiet.machine + 1, far: before.quiet.far + 1 };
  const bridge = { ...before, quiet };
  const { line, far } = bridge;
  const both = Math.min(quiet.machine, quiet.far);
  if (both >= T1_BEATS) return hangUp(bridge, far.open ? 'no-fax-heard' : 'network-refused-fax');
  const again = (now: Bridge): BridgeStep => go(now, WATCH);
  if (line.at === 'listening') {
    const { heard } = line;
    const limit = heard.is === 'announced' ? ANNOUNCED_BEATS : FRAME_BEATS;
    const isStuck = (heard.is === 'announced' || heard.is === 'frames') && quiet.machine >= limit;
    if (isStuck) return andThen(breakOff(bridge, heard.is === 'frames'), again);
  }
  if (line.at === 'playing' && line.open === 'page' && quiet.far === IMAGE_BEATS)
    return andThen(endSignal(bridge), again);
  if (line.at === 'playing' && both >= STUCK_BEATS) return andThen(breakOff(bridge, false), again);
  return again(bridge);
}

function breakOff(bridge: Bridge, frames: boolean): BridgeStep {
  const ended: readonly BridgeEffect[] = frames ? [{ do: 'say', packet: FRAMES_END }, SILENCE] : [SILENCE];
  return andThen(go({ ...bridge, talk: { ...bridge.talk, next: 'frames' } }, ...ended, order({ do: 'stop' })), listen);
}
