import { millis } from '../../../agent/model/units.ts';
import type { Clock } from '../../../agent/ports/clock.ts';
import type { ByteEnd } from '../../devices/byte-end.ts';
import { startLockstep } from './lockstep.ts';

/** The machine behind the modem and the pair between them; what is left out is as in spandsp-softmodem.c. */
export type SoftModemRules = {
  readonly machine: 'sends' | 'receives';
  readonly ecm: boolean;
  /** 1 V.27ter, 2 V.29, 4 V.17. */
  readonly modems?: number;
  /** Training checks that the machine refuses. */
  readonly refusals?: number;
  /** Level and echo below what is said in dB, noise in dBm0, delay in milliseconds. */
  readonly loss?: number;
  readonly echo?: number;
  readonly noise?: number;
  readonly delay?: number;
  readonly strict?: 0 | 1;
};

export type SoftModemTally = {
  /** A page ran dry behind a zero; behind anything else, which loses its carrier; octets found no room. */
  padded: number;
  dropped: number;
  overrun: number;
};

/** How the machine's T.30 ended: -1 while it goes on, 0 for success; pages, and bits per second. */
export type MachineEnd = { readonly result: number; readonly pages: number; readonly rate: number };

export type SoftModem = {
  /** The machine has lifted and dialed, and calls. */
  readonly call: () => void;
  readonly end: () => MachineEnd;
  readonly tally: () => Readonly<SoftModemTally>;
  readonly close: () => void;
};

const STEP = millis(10);

/** The settings of a modem as its program takes them. */
export const softModemWords = ({ machine, ecm, ...others }: SoftModemRules): readonly string[] => [
  machine,
  `ecm=${ecm ? 1 : 0}`,
  ...Object.entries(others).map(([name, value]) => `${name}=${value}`),
];

/** What the program tells of a page counts. */
export function countTold(tally: SoftModemTally, words: readonly string[]): void {
  if (words[1] === 'overrun') tally.overrun += 1;
  if (words[1] === 'dry' && words[2] === '0') tally.padded += 1;
  if (words[1] === 'dry' && words[2] === '1') tally.dropped += 1;
}

/** libspandsp's soft modem with its real signals on a cable, in simulated time: it moves as the clock does, 10 ms by 10 ms. */
export function startSoftModem(
  program: string,
  folder: string,
  { clock, cable }: { readonly clock: Clock; readonly cable: ByteEnd },
  rules: SoftModemRules,
): SoftModem {
  const { ask, close } = startLockstep(program, ['lockstep', ...softModemWords(rules)], folder, 'modem');
  const tally: SoftModemTally = { padded: 0, dropped: 0, overrun: 0 };
  let waiting: Uint8Array[] = [];
  let end: MachineEnd = { result: -1, pages: 0, rate: 0 };
  let closed = false;
  const obey = (order: string): void => {
    const { lines, ok } = ask(order);
    const [result = -1, pages = 0, rate = 0] = ok.map(Number);
    end = { result, pages, rate };
    for (const words of lines) {
      if (words[0] === 'said') cable.say(Uint8Array.from(Buffer.from(words[1] ?? '', 'hex')));
      else countTold(tally, words);
    }
  };
  cable.hear((bytes) => void waiting.push(bytes.slice()));
  const step = (): void => {
    if (closed) return;
    const typed = Buffer.concat(waiting).toString('hex');
    waiting = [];
    obey(`step ${typed === '' ? '-' : typed}`);
    clock.after(STEP, step);
  };
  step();
  return {
    call: () => obey('call'),
    end: () => end,
    tally: () => ({ ...tally }),
    close() {
      closed = true;
      close();
    },
  };
}
