import { millis } from '../../../agent/model/units.ts';
import type { Clock } from '../../../agent/ports/clock.ts';
import { createLossyPath, type PathRules } from '../../fax/lossy-path.ts';
import { seededFractions } from '../../kernel/seeded-random.ts';
import { createPlainUdptl } from './plain-udptl.ts';
import { createSaidPackets, type ImageStory } from './said-packets.ts';
import type { SpandspTerminal, TerminalAnswer } from './spandsp-terminal.ts';

export type FarTerminalWish = {
  readonly seed: number;
  readonly path: PathRules;
  /** Earlier packets on each of its datagrams, and whether key packets are sent as often as spandsp wishes. */
  readonly redundancy: number;
  readonly repeats: boolean;
  /** Does all that the far end does, so that its share of this process can be told from that of the box. */
  readonly aside?: Aside;
};

export type Aside = <T>(work: () => T) => T;

export type FarTerminal = {
  /** A datagram of ours sets out. */
  readonly send: (datagram: Uint8Array) => void;
  /** It lives as long as the clock runs, from now on. */
  readonly start: () => void;
  readonly last: () => TerminalAnswer;
  /** What of its images without ECM arrived in any datagram. */
  readonly images: () => ImageStory;
  readonly stop: () => void;
};

const STEP = millis(20);

/** A T.38 terminal of libspandsp at the other end of a bad path. `hear` is told of what arrives from it. */
export function createFarTerminal(
  clock: Clock,
  wish: FarTerminalWish,
  terminal: SpandspTerminal,
  hear: (datagram: Uint8Array) => void,
): FarTerminal {
  const chance = seededFractions(wish.seed);
  const [there, back] = [createLossyPath(wish.path, chance), createLossyPath(wish.path, chance)];
  const aside: Aside = wish.aside ?? ((work) => work());
  const peer = createPlainUdptl(wish.redundancy);
  const said = createSaidPackets(wish.redundancy);
  let last: TerminalAnswer = { words: [], result: -1, pages: 0 };
  let stopped = false;
  const spoken = (answer: TerminalAnswer): void => {
    last = answer;
    for (const { octets, copies } of answer.words) {
      const datagram = peer.say(octets);
      said.say(octets);
      for (let copy = 0; copy < (wish.repeats ? Math.max(1, copies) : 1); copy += 1)
        for (const time of back.carry(clock.mono())) {
          said.arrived();
          clock.after(time, () => hear(datagram));
        }
    }
  };
  const arrive = (datagram: Uint8Array): void => {
    if (stopped) return;
    aside(() => {
      for (const { sequence, octets } of peer.hear(datagram)) spoken(terminal.hear(sequence, octets));
    });
  };
  // Steps that a busy machine was late for are caught up with, for a signal has its length.
  let due = 0;
  const step = (): void => {
    aside(() => {
      for (; !stopped && due <= clock.mono(); due += STEP) spoken(terminal.step());
    });
    if (!stopped) clock.after(millis(due - clock.mono()), step);
  };
  return {
    send(datagram) {
      for (const time of there.carry(clock.mono())) clock.after(time, () => arrive(datagram));
    },
    start() {
      due = clock.mono();
      step();
    },
    last: () => last,
    images: said.story,
    stop() {
      stopped = true;
    },
  };
}
