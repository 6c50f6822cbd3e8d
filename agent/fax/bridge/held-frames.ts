import { writeFrame } from '../t30/frame.ts';
import { startBurst } from '../t38/hdlc-burst.ts';
import { indicatorPacket } from '../t38/ifp.ts';
import type { Loss } from '../t38/loss-seen.ts';
import { type Bridge, type BridgeStep, go } from './bridge-state.ts';
import { framePacket } from './frame-packet.ts';
import { SILENCE } from './line.ts';

const REPEAT = writeFrame({ kind: 'CRP', final: true, x: false, information: new Uint8Array(0) });
/** With the first time that makes the three tries that T.30 has for a command (T.30 figure 5-2a). */
const MOST_ASKED = 2;
/** So many datagrams that are judged, with no two in a row lost, are a calm path. */
const CALM = 100;

/** What the last datagrams of the far end tell of the path. A path that lost a run of them is not trusted again in this call. */
export function seePath(bridge: Bridge, { judged, longestRun }: Loss): Bridge {
  const { path } = bridge.far;
  const seen = path === 'losing' || longestRun > 1 ? 'losing' : judged >= CALM ? 'calm' : path;
  return seen === path ? bridge : { ...bridge, far: { ...bridge.far, path: seen } };
}

/**
 * Whether flags wait for a whole frame: behind an image a machine that hears flags, and no frame in them, takes its page for lost, says DIS
 * and ends the fax; one that hears nothing waits for T2, 6 s (T.30 5.4.3.1). It costs the second of the preamble, so on a calm path
 * nothing is held. Answers of the far end are not: their preamble is what stops T4 of the machine, which says its command again anyhow.
 */
export const isHeld = ({ far, talk }: Bridge): boolean =>
  far.path !== 'calm' && talk.leader === 'far' && talk.imagePassed;

/**
 * A command behind an image came without one whole frame, and the machine has heard nothing of it. The far end is asked for it at once as
 * the machine would ask (CRP, T.30 5.3.6.1.8): by itself it would wait for T4, and the second time would be too late for T2 of the machine.
 */
export function askAgain(bridge: Bridge): BridgeStep {
  const { line, far } = bridge;
  // What is left of the signal may come yet, and is not a frame.
  const ended: Bridge = { ...bridge, far: { ...far, signal: { is: 'nothing' }, burst: startBurst(), broken: true } };
  const isQuiet = line.at === 'playing' || (line.at === 'listening' && line.heard.is === 'nothing');
  if (!isQuiet || far.asked >= MOST_ASKED) return go(ended);
  return go(
    { ...ended, far: { ...ended.far, asked: far.asked + 1 } },
    { do: 'say', packet: indicatorPacket('v21-preamble') },
    { do: 'say', packet: framePacket(REPEAT, 'hdlc-fcs-ok-sig-end') },
    SILENCE,
  );
}
