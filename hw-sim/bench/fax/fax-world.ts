import type { BridgeNews } from '../../../agent/fax/bridge/bridge-state.ts';
import { type Millis, millis, seconds } from '../../../agent/model/units.ts';
import type { FaxBridge } from '../../../agent/runtime/fax-bridge.ts';
import { createLossyPath, type LossyPath, type PathRules } from '../../fax/lossy-path.ts';
import type { PhoneSignal } from '../../fax/phone-signal.ts';
import { createReceivingMachine, type ReceivingMachine } from '../../fax/receiving-machine.ts';
import { createSendingMachine, type SendingMachine, type SendingRate } from '../../fax/sending-machine.ts';
import { seededFractions } from '../../kernel/seeded-random.ts';
import { createSimClock } from '../../site/sim-clock.ts';
import { createFaxSite, type FaxSite, type SiteWish } from './fax-site.ts';

/** One fax from machine to machine: two boxes of ours, each with its modem, and a network between them. */
export type FaxWish = SiteWish & {
  readonly seed: number;
  readonly path: PathRules;
  readonly pages: readonly Uint8Array[];
  readonly ecm: boolean;
  /** Value of +FTM of the sending machine's fastest rate. */
  readonly fastest?: SendingRate;
  /** Training checks that the receiving machine refuses. */
  readonly refusals?: number;
  /** From then on nothing passes any more, in either direction. */
  readonly silentFrom?: Millis;
  /** The peer of the calling side says BYE. */
  readonly cutAt?: Millis;
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
    if (clock.mono() >= (wish.silentFrom ?? LONGEST)) return;
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
  const calling: FaxSite<SendingMachine> = createFaxSite(clock, wish, sending, {
    send: carry(there, () => called.bridge),
    faxHeard: () => undefined,
  });
  const called: FaxSite<ReceivingMachine> = createFaxSite(clock, wish, receiving, {
    send: carry(back, () => calling.bridge),
    faxHeard: open,
  });
  clock.advance(seconds(1));
  const began = clock.mono();
  calling.bridge.call({ on: 'machine-called' });
  called.bridge.call({ on: 'far-called', digits: '1' });
  if (wish.cutAt !== undefined) clock.after(wish.cutAt, () => calling.bridge.call({ on: 'far-closed' }));
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
