import type { FaxModemNews } from '../../model/fax-modem.ts';
import { millis } from '../../model/units.ts';
import { editFrame } from '../t30/edit-frame.ts';
import { readFrame, writeFrame } from '../t30/frame.ts';
import { bareField, type IfpPacket, indicatorPacket } from '../t38/ifp.ts';
import {
  andThen,
  type Bridge,
  type BridgeEffect,
  type BridgeRules,
  type BridgeStep,
  go,
  type Heard,
} from './bridge-state.ts';
import { isUnheard } from './far-image.ts';
import { framePacket } from './frame-packet.ts';
import { endImage, hearImage, isCheckGood, startImage } from './hear-image.ts';
import { hangUp, listen, outcomeOf, played, release, SILENCE } from './line.ts';
import { familiesWithin, trainingIndicator } from './rates.ts';
import { followFrame, judgePage, passImage } from './talk.ts';

const V21 = 3;
/** A preamble of V.21 (T.30 5.3.1). */
const PREAMBLE = millis(1_000);

/** What the machine does, or what became of an order, as the far end is to hear of it. */
export function hearMachine(bridge: Bridge, news: FaxModemNews, rules: BridgeRules): BridgeStep {
  switch (news.on) {
    case 'ready':
      return go({ ...bridge, modulations: news.modulations });
    case 'carrier':
      return onCarrier(bridge, news.signal, rules);
    case 'frame':
      return onFrame(bridge, news.octets, news.good, rules);
    case 'page':
      return onPage(bridge, news.octets, rules);
    case 'no-carrier':
    case 'fcerror':
      return onEnd(bridge, rules, news.on);
    case 'done':
      return onDone(bridge, news.order, rules);
    case 'refused':
      return onRefused(bridge, news.order);
    case 'carrier-dropped':
      return played(bridge);
    case 'deaf':
    case 'lost':
      return isReleased(bridge) ? go(bridge) : hangUp(bridge, outcomeOf(bridge, 'machine-silent'));
    default:
      return go(bridge);
  }
}

/** T.38 is there, and the far end does not speak into the machine's words: what it can't hear now is said when it can. */
const isFarHearing = (bridge: Bridge): boolean => bridge.far.open && !isUnheard(bridge);

/** The machine has said its last word; only copies of it are still to go. */
const isReleased = ({ line }: Bridge): boolean => line.at === 'hung-up' && !line.calling;

const say = (packet: IfpPacket): BridgeEffect => ({ do: 'say', packet });

function onCarrier(bridge: Bridge, signal: number, rules: BridgeRules): BridgeStep {
  const { line, talk } = bridge;
  if (line.at !== 'listening') return go(bridge);
  if (signal === V21) return onPreamble(bridge, line.heard.is);
  const modulation = bridge.modulations.find((one) => one === signal);
  if (modulation === undefined) return go(bridge);
  const check = talk.next === 'check';
  const kind = check ? 'check' : talk.command?.ecmFrame === undefined ? 'plain' : 'ecm';
  const image = startImage(modulation, kind);
  const heard: Bridge = { ...bridge, line: { at: 'listening', heard: { is: 'image', image } } };
  const isSaid = line.heard.is === 'announced' || (check && rules.trainingCheck === 'local');
  return isSaid ? go(heard) : go(heard, say(indicatorPacket(trainingIndicator(modulation))));
}

/** Flags: once for each signal, however many frames it has. */
function onPreamble(bridge: Bridge, before: Heard['is']): BridgeStep {
  if (before === 'frames') return go(bridge);
  const heard: Bridge = { ...bridge, line: { at: 'listening', heard: { is: 'frames' } }, captured: [] };
  const first = before === 'ringing';
  if (!isFarHearing(bridge)) return first ? go(heard, { do: 'tell', news: { on: 'fax-heard' } }) : go(heard);
  return go(heard, ...(first ? [say(indicatorPacket('ced'))] : []), say(indicatorPacket('v21-preamble')));
}

function onFrame(bridge: Bridge, octets: Uint8Array, good: boolean, rules: BridgeRules): BridgeStep {
  const { line, talk } = bridge;
  if (line.at !== 'listening' || line.heard.is !== 'frames' || octets.length === 0) return go(bridge);
  if (!isFarHearing(bridge)) return go(good ? { ...bridge, captured: [...bridge.captured, octets] } : bridge);
  if (!good) return go(bridge, say(framePacket(octets, 'hdlc-fcs-bad')));
  const { frame } = readFrame(octets);
  if (frame === undefined) return go(bridge, say(framePacket(octets, 'hdlc-fcs-ok')));
  const modulations = familiesWithin(bridge.modulations, rules.maxBitRate);
  const edited = editFrame(frame, { modulations, ecm: rules.ecm });
  const judged = judgePage(talk, edited, 'machine');
  const confirmed: readonly BridgeEffect[] =
    judged.pages > talk.pages
      ? [{ do: 'tell', news: { on: 'page-confirmed', pages: judged.pages, direction: 'received' } }]
      : [];
  const ending = frame.kind === 'DCN' ? 'machine' : bridge.ending;
  const followed = { ...bridge, talk: followFrame(judged, edited, 'machine'), ending } as const;
  const verdict = frame.final ? 'hdlc-fcs-ok-sig-end' : 'hdlc-fcs-ok';
  return go(followed, say(framePacket(writeFrame(edited), verdict)), ...confirmed);
}

function onPage(bridge: Bridge, octets: Uint8Array, rules: BridgeRules): BridgeStep {
  const { line } = bridge;
  if (line.at !== 'listening' || line.heard.is !== 'image') return go(bridge);
  const [image, packets] = hearImage(line.heard.image, octets);
  const heard: Bridge = { ...bridge, line: { at: 'listening', heard: { is: 'image', image } } };
  if (image.kind === 'check') return rules.trainingCheck === 'local' ? go(heard) : go(heard, ...packets.map(say));
  return go({ ...heard, talk: passImage(heard.talk) }, ...packets.map(say));
}

/** The carrier went, or never came, or was of another kind. */
function onEnd(bridge: Bridge, rules: BridgeRules, how: 'no-carrier' | 'fcerror'): BridgeStep {
  const { line, talk } = bridge;
  if (line.at !== 'listening') return go(bridge);
  const frames: Bridge = { ...bridge, talk: { ...talk, next: 'frames' } };
  switch (line.heard.is) {
    case 'ringing':
      return hangUp(bridge, 'machine-silent');
    case 'image': {
      const { image } = line.heard;
      if (image.kind !== 'check' || rules.trainingCheck === 'transferred')
        return andThen(go(frames, ...endImage(image).map(say)), listen);
      return andThen(go({ ...frames, checkFailed: !isCheckGood(image) }), listen);
    }
    case 'frames':
      return andThen(go(frames, say(FRAMES_END), SILENCE), listen);
    case 'announced':
      return andThen(go(frames, SILENCE), listen);
    case 'nothing':
      // V.21 instead of an image, or noise: the next word is taken for frames, and the image is asked for again by T.30.
      return how === 'fcerror' ? listen(frames) : listen(bridge);
  }
}

export const FRAMES_END: IfpPacket = { kind: 'data', data: 'v21', fields: [bareField('hdlc-sig-end')] };

function onDone(bridge: Bridge, which: string, rules: BridgeRules): BridgeStep {
  const { line } = bridge;
  if (which === 'send-frames' || which === 'end-page') return played(bridge);
  if (line.at !== 'listening') return go(bridge);
  if (which === 'hear-page') return onEnd(bridge, rules, 'no-carrier');
  if (which !== 'hear-frames' || line.heard.is !== 'frames') return go(bridge);
  if (!isFarHearing(bridge)) return listen(bridge);
  if (bridge.ending === 'machine') return andThen(go(bridge, SILENCE), release);
  const localCheck = bridge.talk.next === 'check' && rules.trainingCheck === 'local';
  const [listening, effects] = listen(bridge);
  // The far end makes its own check, so it is told of none.
  return go(listening, SILENCE, ...(localCheck ? effects.filter((one) => one.do !== 'say') : effects));
}

function onRefused(bridge: Bridge, which: string): BridgeStep {
  switch (which) {
    case 'dial':
      return hangUp(bridge, 'machine-silent');
    case 'answer':
    case 'send-frames':
    case 'send-page':
    case 'end-page':
      return played(bridge);
    case 'hear-page':
      return listen({ ...bridge, talk: { ...bridge.talk, next: 'frames' } });
    case 'hear-frames':
      return hangUp(bridge, outcomeOf(bridge, 'machine-silent'));
    default:
      return go(bridge);
  }
}

/** The far end hears now: what the machine said before is said, behind a preamble of its own, or at once if it is still speaking. */
export function replayBegins(bridge: Bridge): BridgeStep {
  const { line, captured } = bridge;
  const isSpeaking = line.at === 'listening' && line.heard.is === 'frames';
  if (captured.length === 0 && !isSpeaking) return go(bridge);
  const wait: BridgeEffect = { do: 'wait', name: 'replay', for: isSpeaking ? millis(0) : PREAMBLE };
  return go(bridge, say(indicatorPacket('v21-preamble')), wait);
}

/** The captured frames, unless the machine has begun to say them again by itself. */
export function replay(bridge: Bridge, rules: BridgeRules): BridgeStep {
  const { captured, line } = bridge;
  if (captured.length === 0) return go(bridge);
  if (line.at !== 'listening') return go({ ...bridge, captured: [] }, SILENCE);
  const speaking: Bridge = { ...bridge, captured: [], line: { at: 'listening', heard: { is: 'frames' } } };
  const frames = captured.map((octets) => (now: Bridge) => onFrame(now, octets, true, rules));
  const [said, effects] = andThen(go(speaking), ...frames);
  const end = line.heard.is === 'frames' ? [] : [SILENCE];
  return go({ ...said, line }, ...effects, ...end);
}
