import type { IfpPacket } from '../../../../agent/fax/t38/ifp.ts';
import { lossOf } from '../../../../agent/fax/t38/loss-seen.ts';
import { stepReceiver } from '../../../../agent/fax/t38/receiver.ts';
import { type ReceiverEffect, startReceiver } from '../../../../agent/fax/t38/receiver-state.ts';
import { startSender, stepSender } from '../../../../agent/fax/t38/sender.ts';
import type { SenderNews, SenderRules } from '../../../../agent/fax/t38/sender-state.ts';
import { writeIfp } from '../../../../agent/fax/t38/write-ifp.ts';
import { writeUdptl } from '../../../../agent/fax/t38/write-udptl.ts';
import { millis } from '../../../../agent/model/units.ts';
import type { Cancel, Clock } from '../../../../agent/ports/clock.ts';
import { createLossyPath, type PathRules } from '../../../../hw-sim/fax/lossy-path.ts';
import { seededFractions } from '../../../../hw-sim/kernel/seeded-random.ts';
import { createSimClock } from '../../../../hw-sim/site/sim-clock.ts';
import { FAX, type Turn } from './fax-script.ts';
import { hex } from './hex.ts';

/** `plain`: redundancy 3, each datagram once, nothing held, as gateways in the field do it. */
export type Style = 'ours' | 'plain';

/** Turns of one fax that arrived whole and in time, and what went over the network for them. */
export type FaxOutcome = {
  readonly signals: number;
  readonly wholeSignals: number;
  readonly pages: number;
  readonly wholePages: number;
  readonly datagrams: number;
  readonly octets: number;
};

export type FaxWish = {
  readonly seed: number;
  readonly path: PathRules;
  readonly style: Style;
  readonly largest: number;
};

/** T.30 asks again after 3 s without an answer; what arrives a second after it was said is as good as lost. */
const IN_TIME = 1_000;

/** One fax, three pages, said turn by turn on a clock of its own; nobody repeats anything, so each turn has one chance. */
export function sendFax(wish: FaxWish): FaxOutcome {
  const clock = createSimClock(millis(0));
  const chance = seededFractions(wish.seed);
  const load = { datagrams: 0, octets: 0 };
  const heard: Record<'caller' | 'called', string[]> = { caller: [], called: [] };
  const stations = {
    caller: createStation(clock, wish, (octets) => carry(stationOf('called'), octets, ways.caller)),
    called: createStation(clock, wish, (octets) => carry(stationOf('caller'), octets, ways.called)),
  };
  const ways = { caller: createLossyPath(wish.path, chance), called: createLossyPath(wish.path, chance) };
  const stationOf = (name: 'caller' | 'called') => ({ name, ...stations[name] });
  const carry = (
    to: ReturnType<typeof stationOf>,
    octets: Uint8Array,
    way: ReturnType<typeof createLossyPath>,
  ): void => {
    load.datagrams += 1;
    load.octets += octets.length + 28;
    for (const time of way.carry(clock.mono())) clock.after(time, () => heard[to.name].push(...to.hear(octets)));
  };
  for (const name of ['caller', 'called'] as const) stations[name].onLate((packets) => heard[name].push(...packets));
  const outcome = { signals: 0, wholeSignals: 0, pages: 0, wholePages: 0 };
  for (const turn of FAX) {
    const listener = turn.from === 'caller' ? 'called' : 'caller';
    const before = heard[listener].length;
    const said = sayAll(clock, turn, stations[turn.from].say);
    clock.advance(millis(IN_TIME + wish.path.delay));
    const whole = heard[listener].slice(before).join() === said.join();
    if (turn.kind === 'page') outcome.pages += 1;
    else outcome.signals += 1;
    if (whole && turn.kind === 'page') outcome.wholePages += 1;
    if (whole && turn.kind === 'signal') outcome.wholeSignals += 1;
  }
  return { ...outcome, ...load };
}

function sayAll(
  clock: ReturnType<typeof createSimClock>,
  turn: Turn,
  say: (packet: IfpPacket) => void,
): readonly string[] {
  return turn.words.map(({ packet, after }) => {
    clock.advance(after);
    say(packet);
    return hex(writeIfp(packet, 0).octets ?? new Uint8Array(0));
  });
}

type Station = {
  say(packet: IfpPacket): void;
  hear(octets: Uint8Array): readonly string[];
  /** Called with what is delivered when a wait has ended. */
  onLate(deliver: (packets: readonly string[]) => void): void;
};

function createStation(clock: Clock, wish: FaxWish, send: (octets: Uint8Array) => void): Station {
  const speaker = wish.style === 'ours' ? createSpeaker(clock, wish.largest, send) : createPlainSpeaker(send);
  const rules = { version: 0, patience: millis(wish.style === 'ours' ? 400 : 0) } as const;
  let receiver = startReceiver();
  let cancel: Cancel = () => {};
  let late: (packets: readonly string[]) => void = () => {};
  const perform = (effects: readonly ReceiverEffect[]): readonly string[] =>
    effects.flatMap((effect) => {
      if (effect.do === 'wait') {
        cancel();
        cancel = clock.after(effect.for, () => {
          const [after, more] = stepReceiver(receiver, { on: 'waited', now: clock.mono() }, rules);
          receiver = after;
          late(perform(more));
        });
      }
      return effect.do === 'deliver' ? [hex(effect.octets)] : [];
    });
  return {
    say: speaker.say,
    hear: (octets) => {
      const [after, effects] = stepReceiver(receiver, { on: 'datagram-heard', octets, now: clock.mono() }, rules);
      if (after.loss !== receiver.loss) speaker.follow(lossOf(after.loss));
      receiver = after;
      return perform(effects);
    },
    onLate: (deliver) => {
      late = deliver;
    },
  };
}

type Speaker = { say(packet: IfpPacket): void; follow(loss: ReturnType<typeof lossOf>): void };

function createSpeaker(clock: Clock, largest: number, send: (octets: Uint8Array) => void): Speaker {
  const rules: SenderRules = { version: 0, largest, repair: 'secondaries' };
  let sender = startSender();
  let cancel: Cancel = () => {};
  const step = (news: SenderNews): void => {
    const [after, effects] = stepSender(sender, news, rules);
    sender = after;
    for (const effect of effects) {
      if (effect.do === 'send') send(effect.octets);
      if (effect.do !== 'wait') continue;
      cancel();
      cancel = clock.after(effect.for, () => step({ on: 'waited', now: clock.mono() }));
    }
  };
  return {
    say: (packet) => step({ on: 'packet-made', packet, now: clock.mono() }),
    follow: (loss) => step({ on: 'loss-seen', loss }),
  };
}

function createPlainSpeaker(send: (octets: Uint8Array) => void): Speaker {
  let sequence = 0;
  let before: readonly Uint8Array[] = [];
  return {
    say: (packet) => {
      const primary = writeIfp(packet, 0).octets ?? new Uint8Array(0);
      send(writeUdptl({ sequence, primary, repair: { by: 'secondaries', packets: before } }));
      before = [primary, ...before].slice(0, 3);
      sequence = (sequence + 1) & 0xffff;
    },
    follow: () => {},
  };
}
