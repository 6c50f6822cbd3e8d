import { type Millis, millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { MachineSide } from './modem-works.ts';
import type { PhoneSignal } from './phone-signal.ts';
import { frameOf, NAME, WORDS, type Word, wordOf } from './t30-words.ts';

/*
 * A fax machine at the level of frames and data: T.30 without error correction, one document. It sends its pages to who
 * dialed it or was rung, or takes pages and confirms each. A training check with more than one wrong octet in eight is refused.
 * Left out: ECM, polling, NSF, speeds but the one it was made with, echo and noise, retries but one after T4, and people.
 */
type FaxMachineMaking = {
  readonly clock: Clock;
  /** Puts a signal on the pair; answers in how many milliseconds it is through. */
  readonly say: (signal: PhoneSignal) => number;
  readonly modulation: number;
  /** Pages to send, in the order of Class 1; without them the machine receives. */
  readonly pages?: readonly Uint8Array[];
};

export type FaxMachine = MachineSide & {
  readonly received: () => readonly Uint8Array[];
  readonly confirmed: () => number;
  /** What it heard and said, in order. */
  readonly story: () => readonly string[];
};

const TURN_MS = 75;
const TCF_MS = 1_500;
const RATE_OF: Readonly<Record<number, number>> = {
  24: 2_400,
  48: 4_800,
  72: 7_200,
  96: 9_600,
  145: 14_400,
  146: 14_400,
};

type Life = {
  readonly making: FaxMachineMaking;
  readonly story: string[];
  readonly received: Uint8Array[];
  confirmed: number;
  trained: boolean;
  sent: number;
};

export function createFaxMachine(making: FaxMachineMaking): FaxMachine {
  const life: Life = { making, story: [], received: [], confirmed: 0, trained: false, sent: 0 };
  const picksUp = (): void => {
    if (making.pages === undefined)
      after(life, 2_700, () => sayFrames(life, ['CSI', ...NAME], ['DIS', 0x00, 0x46, 0x88]));
  };
  return {
    dialed: picksUp,
    answered: () => life.story.push('answered'),
    hungUp: () => life.story.push('hung up'),
    frame: (octets) => hear(life, octets),
    page: (octets, modulation) => hearPage(life, octets, modulation),
    received: () => life.received,
    confirmed: () => life.confirmed,
    story: () => life.story,
  };
}

function hear(life: Life, octets: Uint8Array): void {
  const code = wordOf(octets);
  life.story.push(`heard ${code ?? octets[2]}`);
  switch (code) {
    case 'DIS':
      return train(life);
    case 'CFR':
      return sendPage(life);
    case 'FTT':
      return train(life);
    case 'MCF':
      life.confirmed += 1;
      life.sent += 1;
      if (life.sent < (life.making.pages?.length ?? 0)) return sendPage(life);
      return after(life, TURN_MS, () => sayFrames(life, ['DCN']));
    case 'DCS':
      life.trained = false;
      return;
    case 'MPS':
    case 'EOP':
      return after(life, TURN_MS, () => sayFrames(life, ['MCF']));
    default:
      return;
  }
}

function train(life: Life): void {
  const { modulation } = life.making;
  const zeros = new Uint8Array(((RATE_OF[modulation] ?? 2_400) * TCF_MS) / 8_000);
  after(life, TURN_MS, () => {
    const through = sayFrames(life, ['TSI', ...NAME], ['DCS', 0x00, 0x46, 0x88]);
    after(life, through + TURN_MS, () => sayPage(life, modulation, zeros));
  });
}

function sendPage(life: Life): void {
  const octets = life.making.pages?.[life.sent];
  if (octets === undefined) return;
  const more = life.sent + 1 < (life.making.pages?.length ?? 0);
  after(life, TURN_MS, () => {
    const through = sayPage(life, life.making.modulation, octets);
    after(life, through + TURN_MS, () => sayFrames(life, [more ? 'MPS' : 'EOP']));
  });
}

function hearPage(life: Life, octets: Uint8Array, modulation: number): void {
  life.story.push(`heard ${octets.length} octets at ${modulation}`);
  if (life.trained) {
    life.received.push(octets);
    return;
  }
  const zeros = octets.reduce((count, octet) => count + (octet === 0 ? 1 : 0), 0);
  life.trained = zeros >= (octets.length * 7) / 8 && octets.length > 100;
  after(life, TURN_MS, () => sayFrames(life, [life.trained ? 'CFR' : 'FTT']));
}

type Said = readonly [Word, ...number[]];

function sayFrames(life: Life, ...frames: readonly Said[]): number {
  life.story.push(`said ${frames.map(([code]) => code).join(' ')}`);
  return life.making.say({
    is: 'frames',
    frames: frames.map(([code, ...information], at) => frameOf(WORDS[code], at === frames.length - 1, information)),
  });
}

function sayPage(life: Life, modulation: number, octets: Uint8Array): number {
  life.story.push(`said ${octets.length} octets at ${modulation}`);
  return life.making.say({ is: 'page', modulation, octets });
}

const after = (life: Life, delay: number, run: () => void): void => {
  life.making.clock.after(millis(delay) satisfies Millis, run);
};
