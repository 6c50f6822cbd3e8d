import type { BridgeNews } from '../../../agent/fax/bridge/bridge-state.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import { createFaxBridge, type FaxBridge } from '../../../agent/runtime/fax-bridge.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createFaxModem } from '../../../firmware-ts/devices/fax-modem/fax-modem.ts';
import { type Class1Modem, createClass1Modem } from '../../fax/class1-modem.ts';
import { createLossyPath, type LossyPath, type PathRules } from '../../fax/lossy-path.ts';
import type { MachineSide, ModemFaults } from '../../fax/modem-works.ts';
import type { PhoneSignal } from '../../fax/phone-signal.ts';
import { createReceivingMachine, type ReceivingMachine } from '../../fax/receiving-machine.ts';
import { createSendingMachine, type SendingMachine, type SendingRate } from '../../fax/sending-machine.ts';
import { createTimedCable } from '../../fax/timed-cable.ts';
import { seededFractions } from '../../kernel/seeded-random.ts';
import { createSimClock, type SimClock } from '../../site/sim-clock.ts';

/** One fax from machine to machine: two boxes of ours, each with its modem, and a network between them. */
export type FaxWish = {
  readonly seed: number;
  readonly path: PathRules;
  readonly pages: readonly Uint8Array[];
  readonly ecm: boolean;
  /** Value of +FTM of the sending machine's fastest rate. */
  readonly fastest?: SendingRate;
  /** Training checks that the receiving machine refuses. */
  readonly refusals?: number;
  readonly lead?: number;
  readonly baudRate?: number;
  readonly faults?: Partial<ModemFaults>;
  readonly largest?: number;
  readonly trainingCheck?: 'transferred' | 'local';
};

export type FaxOutcome = {
  readonly sender: ReturnType<SendingMachine['result']>;
  readonly receiver: ReturnType<ReceivingMachine['result']>;
  readonly received: readonly Uint8Array[];
  /** Pages that the sending machine saw confirmed. */
  readonly confirmed: number;
  readonly news: Readonly<Record<'calling' | 'called', readonly BridgeNews[]>>;
  /** From the answer to the end of the second bridge. */
  readonly duration: number;
  /** From the last word of the sending machine to the end of each bridge. */
  readonly stories: readonly (readonly string[])[];
  /** Carriers that modems dropped, octets that found no room, frames without a CONNECT. */
  readonly mishaps: number;
  readonly datagrams: number;
};

const LONGEST = seconds(3_600);
/** A re-INVITE there and back. */
const REINVITE = millis(200);

export function sendFax(wish: FaxWish): FaxOutcome {
  const clock = createSimClock(millis(0));
  const chance = seededFractions(wish.seed);
  const count = { datagrams: 0 };
  const sending = (say: (signal: PhoneSignal) => number): SendingMachine =>
    createSendingMachine({ clock, say, fastest: wish.fastest ?? 145, ecm: wish.ecm, pages: wish.pages });
  const receiving = (say: (signal: PhoneSignal) => number): ReceivingMachine =>
    createReceivingMachine({ clock, say, ecm: true, refusals: wish.refusals ?? 0 });
  const carry = (way: LossyPath, to: () => FaxBridge) => (octets: Uint8Array) => {
    count.datagrams += 1;
    for (const time of way.carry(clock.mono())) clock.after(time, () => to().hear(octets));
  };
  const open = (): void => {
    clock.after(REINVITE, () => {
      called.bridge.call({ on: 'far-opened' });
      calling.bridge.call({ on: 'far-opened' });
    });
  };
  const there = createLossyPath(wish.path, chance);
  const back = createLossyPath(wish.path, chance);
  const calling: Site<SendingMachine> = createSite(clock, wish, sending, {
    send: carry(there, () => called.bridge),
    faxHeard: () => undefined,
  });
  const called: Site<ReceivingMachine> = createSite(clock, wish, receiving, {
    send: carry(back, () => calling.bridge),
    faxHeard: open,
  });
  clock.advance(seconds(1));
  const began = clock.mono();
  calling.bridge.call({ on: 'machine-called' });
  called.bridge.call({ on: 'far-called', digits: '1' });
  while (!(calling.isOver() && called.isOver()) && clock.mono() < LONGEST) clock.advance(millis(100));
  return {
    sender: calling.machine.result(),
    receiver: called.machine.result(),
    received: called.machine.received(),
    confirmed: calling.machine.confirmed(),
    news: { calling: calling.news, called: called.news },
    duration: clock.mono() - began,
    stories: [calling.machine.story(), called.machine.story()],
    mishaps: calling.mishaps() + called.mishaps(),
    datagrams: count.datagrams,
  };
}

type Site<M> = {
  readonly bridge: FaxBridge;
  readonly machine: M;
  readonly news: readonly BridgeNews[];
  readonly isOver: () => boolean;
  readonly mishaps: () => number;
};

type Outside = { readonly send: (datagram: Uint8Array) => void; readonly faxHeard: () => void };

function createSite<M extends MachineSide>(
  clock: SimClock,
  wish: FaxWish,
  make: (say: (signal: PhoneSignal) => number) => M,
  outside: Outside,
): Site<M> {
  const { line, end } = createTimedCable(clock, wish.baudRate ?? 115_200);
  const machine = make((signal) => sim.hear(signal));
  const sim: Class1Modem = createClass1Modem({
    cable: end,
    clock,
    machine,
    ...(wish.faults ? { faults: wish.faults } : {}),
  });
  const modem = createFaxModem(line, clock, { lead: millis(wish.lead ?? 800) });
  const news: BridgeNews[] = [];
  const bridge = createFaxBridge({
    line: modem,
    clock,
    turns: createTurns(),
    send: outside.send,
    tell(one) {
      news.push(one);
      if (one.on === 'fax-heard') outside.faxHeard();
    },
    rules: {
      version: 0,
      largest: wish.largest ?? 1_400,
      repair: 'secondaries',
      maxBitRate: 14_400,
      ecm: true,
      trainingCheck: wish.trainingCheck ?? 'transferred',
    },
  });
  modem.order({ do: 'set-up' });
  return {
    bridge,
    machine,
    news,
    isOver: () => news.some(({ on }) => on === 'over'),
    mishaps: () => sim.tally().dropped + sim.tally().overrun + sim.tally().framesLost,
  };
}
