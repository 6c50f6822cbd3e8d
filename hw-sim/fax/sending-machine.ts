import { seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import { ecmSignal, FRAME_OCTETS, wantedFrames } from './ecm-signal.ts';
import type { MachineSide } from './modem-works.ts';
import { createPairOfWires, type PairOfWires, type Said } from './pair-of-wires.ts';
import { type PhoneSignal, RATES } from './phone-signal.ts';
import { FALLBACKS, imageModulation, NAME, orderOf, readOffer, WORDS, wordOf } from './t30-words.ts';

/*
 * A fax machine that sends a document (T.30 figure 5-2, Annex A): it asks again after T4, three times in all, falls back after FTT,
 * sends again what PPR wants, and trains anew with CTC after the fourth. Left out: polling, EOM, RNR, EOR, NSF, procedure interrupts,
 * a hand on its buttons, echo and noise.
 */
type SendingMaking = {
  readonly clock: Clock;
  readonly say: (signal: PhoneSignal) => number;
  /** Value of +FTM of its fastest rate. */
  readonly fastest: SendingRate;
  readonly ecm: boolean;
  readonly pages: readonly Uint8Array[];
};

export type SendingRate = (typeof FALLBACKS)[number];

export type SendingMachine = MachineSide & {
  readonly confirmed: () => number;
  readonly story: () => readonly string[];
  /** Undefined while it goes on. */
  readonly result: () => 'sent' | 'gave up' | 'cut off' | undefined;
};

type Life = {
  readonly making: SendingMaking;
  readonly wires: PairOfWires;
  at: 'waiting' | 'check' | 'post' | 'retrain' | 'over';
  rates: readonly number[];
  ecm: boolean;
  page: number;
  block: number;
  refusals: number;
  repeats: number;
  triesLeft: number;
  again: () => void;
  confirmed: number;
  result: 'sent' | 'gave up' | 'cut off' | undefined;
};

const T1 = seconds(35);
const T4 = seconds(3);
const TCF_MS = 1_500;
const BLOCK_FRAMES = 256;

export function createSendingMachine(making: SendingMaking): SendingMachine {
  const wires = createPairOfWires(making.clock, making.say);
  const fresh = { at: 'waiting', rates: [], ecm: false, page: 0, block: 0, refusals: 0, repeats: 0 } as const;
  const life: Life = { making, wires, ...fresh, triesLeft: 3, again: () => undefined, confirmed: 0, result: undefined };
  return {
    dialed: () => undefined,
    answered: () => wires.wait(T1, () => giveUp(life)),
    hungUp: () => over(life, 'cut off'),
    begins: () => {
      // Flags are an answer on its way.
      if (!wires.isSpeaking() && life.at !== 'over') wires.wait(seconds(8), () => askAgain(life));
    },
    breaksOff: () => {
      if (!wires.isSpeaking() && life.at !== 'over') wires.wait(seconds(1), () => askAgain(life));
    },
    frame(octets, last) {
      if (!wires.isSpeaking() && last && life.at !== 'over') hear(life, octets);
    },
    page: () => undefined,
    confirmed: () => life.confirmed,
    story: () => wires.story,
    result: () => life.result,
  };
}

function hear(life: Life, octets: Uint8Array): void {
  const word = wordOf(octets);
  life.wires.story.push(`heard ${word ?? octets[2]}`);
  const heard = `${life.at} ${word}`;
  switch (heard) {
    case 'waiting DIS':
    case 'check DIS': {
      const { ecm, v17, v29 } = readOffer(octets.subarray(3));
      const known = FALLBACKS.filter((one) => v17 || ![145, 121, 97, 73].includes(one));
      const allowed = known.filter((one) => v29 || one < 72);
      life.ecm = ecm && life.making.ecm;
      if (life.rates.length === 0) life.rates = allowed.slice(Math.max(0, allowed.indexOf(life.making.fastest)));
      return ask(life, () => train(life));
    }
    case 'check CFR':
      return sendImage(life, allFrames(life), false);
    case 'check FTT':
      life.rates = life.rates.slice(1);
      return life.rates.length > 0 ? ask(life, () => train(life)) : giveUp(life);
    case 'post MCF':
      return goOn(life);
    case 'post PPR':
      life.repeats += 1;
      if (life.repeats % 4 !== 0) return sendImage(life, wantedFrames(octets), false);
      life.at = 'retrain';
      return ask(life, () =>
        life.wires.speak([['CTC', ...orderOf(life.rates[0] ?? 24, true)]], () => awaitAnswer(life)),
      );
    case 'retrain CTR':
      return sendImage(life, allFrames(life), true);
    case 'post RTN':
      life.refusals += 1;
      return life.refusals > 2 ? giveUp(life) : ask(life, () => train(life));
    default:
      if (word === 'DCN') over(life, life.result ?? 'cut off');
  }
}

/** Said now, and up to twice again when no answer comes within T4. */
function ask(life: Life, question: () => void): void {
  life.triesLeft = 3;
  life.again = question;
  askAgain(life);
}

function askAgain(life: Life): void {
  life.triesLeft -= 1;
  if (life.triesLeft < 0) return giveUp(life);
  life.again();
}

const awaitAnswer = (life: Life): void => life.wires.wait(T4, () => askAgain(life));

function train(life: Life): void {
  life.at = 'check';
  const rate = life.rates[0] ?? 24;
  const zeros = new Uint8Array(((RATES[rate] ?? 2_400) * TCF_MS) / 8_000);
  const words: readonly Said[] = [
    ['TSI', ...NAME],
    ['DCS', ...orderOf(rate, life.ecm)],
  ];
  life.wires.speak(words, () => life.wires.sendPage(rate, zeros, () => awaitAnswer(life)));
}

const pageOf = ({ making, page }: Life): Uint8Array => making.pages[page] ?? new Uint8Array(0);
const blockOf = (life: Life): Uint8Array =>
  pageOf(life).subarray(life.block * BLOCK_FRAMES * FRAME_OCTETS, (life.block + 1) * BLOCK_FRAMES * FRAME_OCTETS);
const framesIn = (block: Uint8Array): number => Math.max(1, Math.ceil(block.length / FRAME_OCTETS));
const allFrames = (life: Life): readonly number[] => Array.from({ length: framesIn(blockOf(life)) }, (_, at) => at);

function sendImage(life: Life, frames: readonly number[], long: boolean): void {
  const rate = life.rates[0] ?? 24;
  const modulation = long ? rate : imageModulation(rate);
  life.at = 'post';
  const octets = life.ecm ? ecmSignal(blockOf(life), frames, RATES[rate] ?? 2_400) : pageOf(life);
  life.wires.sendPage(modulation, octets, () =>
    ask(life, () => life.wires.speak([postMessage(life)], () => awaitAnswer(life))),
  );
}

const isLastPage = ({ making, page }: Life): boolean => page + 1 >= making.pages.length;
const isLastBlock = (life: Life): boolean => (life.block + 1) * BLOCK_FRAMES * FRAME_OCTETS >= pageOf(life).length;

function postMessage(life: Life): Said {
  const after = isLastPage(life) ? 'EOP' : 'MPS';
  if (!life.ecm) return [after];
  const word = isLastBlock(life) ? WORDS[after] : 0x01;
  return ['PPS', word, life.page & 0xff, life.block & 0xff, framesIn(blockOf(life)) - 1];
}

function goOn(life: Life): void {
  life.repeats = 0;
  if (life.ecm && !isLastBlock(life)) {
    life.block += 1;
    return sendImage(life, allFrames(life), false);
  }
  life.confirmed += 1;
  life.block = 0;
  life.page += 1;
  if (life.page < life.making.pages.length) return sendImage(life, allFrames(life), false);
  life.result = 'sent';
  life.wires.speak([['DCN']], () => over(life, 'sent'));
}

function giveUp(life: Life): void {
  life.result = 'gave up';
  life.wires.speak([['DCN']], () => over(life, 'gave up'));
}

function over(life: Life, result: NonNullable<Life['result']>): void {
  if (life.at === 'over') return;
  life.at = 'over';
  life.result ??= result;
  life.wires.end();
}
