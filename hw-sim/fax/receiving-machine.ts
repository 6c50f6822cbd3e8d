import { millis, seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import { bitmapOf } from './ecm-signal.ts';
import { deframed } from './hdlc-bits.ts';
import type { MachineSide } from './modem-works.ts';
import { createPairOfWires, type PairOfWires, type Said } from './pair-of-wires.ts';
import { type PhoneSignal, RATES } from './phone-signal.ts';
import { FCD, imageModulation, NAME, offerOf, readOrder, WORDS, wordOf } from './t30-words.ts';

/*
 * A fax machine that takes a document (T.30 figure 5-2, Annex A): it says DIS every T4 for T1, judges the training check, asks for
 * frames again with PPR, confirms each page, and gives up when nothing comes within T2. Left out: polling, EOM, RNR, EOR, NSF, and a
 * look at the lines of a page without ECM: it takes what it hears.
 */
type ReceivingMaking = {
  readonly clock: Clock;
  readonly say: (signal: PhoneSignal) => number;
  readonly ecm: boolean;
  /** So many training checks are refused before one is taken. */
  readonly refusals?: number;
};

export type ReceivingMachine = MachineSide & {
  /** Whole pages that it confirmed, as they came; those of ECM end with the zeros of their last frame. */
  readonly received: () => readonly Uint8Array[];
  readonly story: () => readonly string[];
  readonly result: () => 'received' | 'gave up' | 'cut off' | undefined;
};

type Life = {
  readonly making: ReceivingMaking;
  readonly wires: PairOfWires;
  readonly received: Uint8Array[];
  at: 'silent' | 'offering' | 'check' | 'image' | 'over';
  modulation: number;
  ecm: boolean;
  refusalsLeft: number;
  /** Without ECM, the page that no command has followed yet. */
  page: Uint8Array | undefined;
  readonly frames: Map<number, Uint8Array>;
  /** The highest number of a frame of this block. */
  last: number;
  /** Confirmed blocks of a page that goes on. */
  blocks: Uint8Array[];
  /** The command that was confirmed last, lest it be counted twice. */
  confirmed: string;
  result: 'received' | 'gave up' | 'cut off' | undefined;
};

const CED = millis(2_700);
const T1 = seconds(35);
const T2 = seconds(6);
const T4 = seconds(3);

export function createReceivingMachine(making: ReceivingMaking): ReceivingMachine {
  const wires = createPairOfWires(making.clock, making.say);
  const fresh = {
    at: 'silent',
    modulation: 24,
    ecm: false,
    page: undefined,
    confirmed: '',
    result: undefined,
  } as const;
  const life: Life = {
    making,
    wires,
    received: [],
    ...fresh,
    refusalsLeft: making.refusals ?? 0,
    frames: new Map(),
    last: 0,
    blocks: [],
  };
  return {
    dialed() {
      life.at = 'offering';
      making.clock.after(CED, () => offer(life));
      making.clock.after(T1, () => life.at === 'offering' && over(life, 'gave up'));
    },
    answered: () => undefined,
    hungUp: () => over(life, life.result ?? 'cut off'),
    begins: () => {
      if (wires.isSpeaking() || life.at === 'silent') return;
      // Flags are words on their way.
      if (life.at === 'offering') wires.wait(seconds(8), () => offer(life));
      else wires.stopWaiting();
    },
    frame(octets, last) {
      if (wires.isSpeaking() || life.at === 'over' || life.at === 'silent') return;
      if (life.at === 'offering') wires.wait(T4, () => offer(life));
      if (last) hear(life, octets);
    },
    page(octets, modulation) {
      if (!wires.isSpeaking()) hearPage(life, octets, modulation);
    },
    received: () => life.received,
    story: () => wires.story,
    result: () => life.result,
  };
}

function offer(life: Life): void {
  if (life.at !== 'offering') return;
  const words: readonly Said[] = [
    ['CSI', ...NAME],
    ['DIS', ...offerOf(life.making.ecm)],
  ];
  life.wires.speak(words, () => life.wires.wait(T4, () => offer(life)));
}

const answer = (life: Life, ...said: Said): void =>
  life.wires.speak([said], () => life.wires.wait(T2, () => over(life, 'gave up')));

function hear(life: Life, octets: Uint8Array): void {
  const word = wordOf(octets);
  life.wires.story.push(`heard ${word ?? octets[2]}`);
  const information = octets.subarray(3);
  switch (word) {
    case 'DCS':
    case 'CTC':
      Object.assign(life, readOrder(information), { at: word === 'DCS' ? 'check' : 'image' });
      if (word === 'CTC') return answer(life, 'CTR');
      life.wires.wait(T2, () => over(life, 'gave up'));
      return;
    case 'MPS':
    case 'EOP':
      return answer(life, takePlain(life, word) ? 'MCF' : 'RTN');
    case 'PPS':
      return hearBlock(life, information);
    case 'DCN':
      return over(life, life.result ?? 'cut off');
    default:
      life.wires.wait(T2, () => over(life, 'gave up'));
  }
}

function hearPage(life: Life, octets: Uint8Array, modulation: number): void {
  if (life.at === 'over') return;
  life.wires.wait(T2, () => over(life, 'gave up'));
  if (octets.length === 0) return;
  life.wires.story.push(`heard ${octets.length} octets at ${modulation}`);
  if (life.at === 'check' && modulation === life.modulation) return judgeCheck(life, octets);
  if (life.at !== 'image' || imageModulation(life.modulation) !== imageModulation(imageOf(modulation))) return;
  if (!life.ecm) {
    life.page = octets;
    return;
  }
  for (const frame of deframed(octets)) if (frame[2] === FCD) life.frames.set(frame[3] ?? 0, frame.slice(4));
}

const imageOf = (modulation: number): number => ([74, 98, 122, 146].includes(modulation) ? modulation - 1 : modulation);

/** Zeros for most of a second and a half; their number is that of the rate. */
function judgeCheck(life: Life, octets: Uint8Array): void {
  const zeros = octets.reduce((count, octet) => count + (octet === 0 ? 1 : 0), 0);
  const isGood = zeros >= octets.length * 0.95 && zeros >= ((RATES[life.modulation] ?? 2_400) * 1_000) / 8_000;
  if (!isGood || life.refusalsLeft > 0) {
    life.refusalsLeft -= 1;
    return answer(life, 'FTT');
  }
  life.at = 'image';
  answer(life, 'CFR');
}

function takePlain(life: Life, word: 'MPS' | 'EOP'): boolean {
  if (life.page === undefined) return life.confirmed === word;
  life.received.push(life.page);
  life.page = undefined;
  life.confirmed = word;
  if (word === 'EOP') life.result = 'received';
  return true;
}

function hearBlock(life: Life, [after = 0, page = 0, block = 0, last = 0]: Uint8Array): void {
  const name = `${page}/${block}`;
  if (life.confirmed === name) return answer(life, 'MCF');
  // Some say, behind frames that were wanted again, how many these were.
  life.last = Math.max(life.last, last);
  const numbers = Array.from({ length: life.last + 1 }, (_, at) => at);
  const missing = numbers.filter((number) => !life.frames.has(number));
  if (missing.length > 0) return answer(life, 'PPR', ...bitmapOf(missing));
  life.confirmed = name;
  life.blocks.push(...numbers.map((number) => life.frames.get(number) ?? new Uint8Array(0)));
  life.frames.clear();
  life.last = 0;
  if (after >> 1 !== 0) {
    life.received.push(Uint8Array.from(Buffer.concat(life.blocks)));
    life.blocks = [];
    if (after >> 1 === WORDS.EOP >> 1) life.result = 'received';
  }
  answer(life, 'MCF');
}

function over(life: Life, result: NonNullable<Life['result']>): void {
  if (life.at === 'over') return;
  life.at = 'over';
  life.result ??= result;
  life.wires.end();
}
