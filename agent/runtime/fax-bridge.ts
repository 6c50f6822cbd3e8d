import { stepBridge } from '../fax/bridge/bridge.ts';
import {
  type Bridge,
  type BridgeEffect,
  type BridgeEvent,
  type BridgeNews,
  type BridgeRules,
  type BridgeTimer,
  startBridge,
} from '../fax/bridge/bridge-state.ts';
import type { Talk } from '../fax/bridge/talk.ts';
import { lossOf } from '../fax/t38/loss-seen.ts';
import { readIfp } from '../fax/t38/read-ifp.ts';
import { stepReceiver } from '../fax/t38/receiver.ts';
import { type Receiver, type ReceiverNews, startReceiver } from '../fax/t38/receiver-state.ts';
import { startSender, stepSender } from '../fax/t38/sender.ts';
import type { Sender, SenderNews, SenderRules } from '../fax/t38/sender-state.ts';
import { never } from '../model/never.ts';
import { millis } from '../model/units.ts';
import type { Clock } from '../ports/clock.ts';
import type { FaxLine } from '../ports/fax-modem.ts';
import { createTimers, type Timers } from './timers.ts';
import type { Turns } from './turns.ts';

/** One call of a fax machine over T.38. What comes from the network comes as datagrams of the peer, and of nobody else. */
export type FaxBridge = {
  /** The call as such: see BridgeEvent. */
  readonly call: (
    event: Exclude<BridgeEvent, { on: 'modem' | 'packet' | 'packets-missing' | 'loss-seen' | 'waited' }>,
  ) => void;
  readonly hear: (datagram: Uint8Array) => void;
  /** What was agreed with the peer, when it is known, or anew. */
  readonly agree: (rules: Partial<BridgeRules & SenderRules>) => void;
  readonly sight: () => FaxSight;
};

/** What is known of the fax from listening to it. */
export type FaxSight = Pick<Talk, 'command' | 'after' | 'mended'>;

export type FaxBridgeMaking = {
  readonly line: FaxLine;
  readonly clock: Clock;
  readonly turns: Turns;
  readonly send: (datagram: Uint8Array) => void;
  readonly tell: (news: BridgeNews) => void;
  readonly rules: BridgeRules & SenderRules;
};

/** How long a packet may be held behind a gap: the modem's lead allows it while an image passes; frames are late soon. */
const PATIENCE = { image: millis(450), frames: millis(200) };

type Works = Omit<FaxBridgeMaking, 'rules'> & {
  readonly timers: Timers<BridgeTimer | 'gap' | 'copy'>;
  bridge: Bridge;
  sender: Sender;
  receiver: Receiver;
  rules: BridgeRules & SenderRules;
};

/** Joins the machines of the bridge, of the T.38 sender and of the receiver with a modem, a clock and a way to the peer. */
export function createFaxBridge(making: FaxBridgeMaking): FaxBridge {
  const { line, clock, turns } = making;
  const timers = createTimers<BridgeTimer | 'gap' | 'copy'>(clock, turns);
  const works: Works = { ...making, timers, bridge: startBridge(), sender: startSender(), receiver: startReceiver() };
  line.listen((news) => turns(() => post(works, { on: 'modem', news })));
  return {
    call: (event) =>
      turns(() => {
        if (event.on === 'far-opened') send(works, { on: 'opened', now: clock.mono() });
        post(works, event);
      }),
    agree: (rules) =>
      turns(() => {
        works.rules = { ...works.rules, ...rules };
      }),
    sight: () => works.bridge.talk,
    hear: (octets) => turns(() => receive(works, { on: 'datagram-heard', octets, now: clock.mono() })),
  };
}

function post(works: Works, event: BridgeEvent): void {
  const [bridge, effects] = stepBridge(works.bridge, event, works.rules);
  works.bridge = bridge;
  for (const effect of effects) perform(works, effect);
}

function perform(works: Works, effect: BridgeEffect): void {
  const { line, clock, timers } = works;
  switch (effect.do) {
    case 'order':
      return line.order(effect.order);
    case 'say':
      return send(works, { on: 'packet-made', packet: effect.packet, now: clock.mono() });
    case 'wait':
      return timers.set(effect.name, effect.for, () => post(works, { on: 'waited', name: effect.name }));
    case 'tell':
      if (effect.news.on === 'over') timers.stop();
      return works.tell(effect.news);
    default:
      return never(effect);
  }
}

function send(works: Works, news: SenderNews): void {
  const [sender, effects] = stepSender(works.sender, news, works.rules);
  works.sender = sender;
  for (const effect of effects) {
    if (effect.do === 'send') works.send(effect.octets);
    if (effect.do === 'wait')
      works.timers.set('copy', effect.for, () => send(works, { on: 'waited', now: works.clock.mono() }));
  }
}

function receive(works: Works, news: ReceiverNews): void {
  const { rules, bridge } = works;
  const patience = bridge.far.signal.is === 'image' ? PATIENCE.image : PATIENCE.frames;
  const before = works.receiver.loss;
  const [receiver, effects] = stepReceiver(works.receiver, news, { version: rules.version, patience });
  works.receiver = receiver;
  if (receiver.loss !== before) {
    const loss = lossOf(receiver.loss);
    send(works, { on: 'loss-seen', loss });
    post(works, { on: 'loss-seen', loss });
  }
  for (const effect of effects) {
    switch (effect.do) {
      case 'deliver': {
        const { packet } = readIfp(effect.octets, rules.version);
        if (packet !== undefined) post(works, { on: 'packet', packet });
        break;
      }
      case 'tell-missing':
        post(works, { on: 'packets-missing' });
        break;
      case 'wait':
        works.timers.set('gap', effect.for, () => receive(works, { on: 'waited', now: works.clock.mono() }));
        break;
      case 'tell-new-stream':
        break;
      default:
        never(effect);
    }
  }
}
