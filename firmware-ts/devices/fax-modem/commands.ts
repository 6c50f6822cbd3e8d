import type { ModemOrder } from '../../../agent/model/fax-modem.ts';
import { type Millis, seconds } from '../../../agent/model/units.ts';
import type { HandsetWords } from './dialects.ts';

/** The words of an order (T.31 8.3, V.250 6.3), how long the modem may take, and what it does on CONNECT. */
export type FaxCommand = {
  readonly words: string;
  /** Lines behind the first, each when the one before was answered OK. */
  readonly behind?: readonly string[];
  /** Undefined: as long as it takes; its owner ends it. */
  readonly patience: Millis | undefined;
  readonly connects: 'sends-frames' | 'sends-page' | 'hears-frames' | 'hears-page' | 'never';
};

const AT_ONCE = seconds(5);
/** V.17 trains for 1.4 s, V.27ter with echo protection for as long; some chips need twice that. */
const TRAINING = seconds(5);

/** Between two octets of a signal; a frame of 300 octets comes in one piece, 8 s after its first bit. */
export const NEXT_OCTET = seconds(15);

/** Undefined for orders that are no command of their own. */
export function commandOf(order: ModemOrder, handset: HandsetWords): FaxCommand | undefined {
  switch (order.do) {
    case 'dial':
      // T.31 8.3.2: dialing implies +FRH=3. The far end has T1, 35 s, after it answered.
      return { words: `ATD${order.digits}`, patience: seconds(120), connects: 'hears-frames' };
    case 'answer':
      // Answering implies CED and +FTH=3.
      return { words: 'ATA', patience: seconds(30), connects: 'sends-frames' };
    case 'hang-up':
      return { words: 'ATH', patience: AT_ONCE, connects: 'never' };
    case 'be-silent':
      return { words: `AT+FTS=${tensOf(order.tens)}`, patience: AT_ONCE, connects: 'never' };
    case 'hear-silence':
      return { words: `AT+FRS=${tensOf(order.tens)}`, patience: undefined, connects: 'never' };
    case 'send-frames':
      return { words: 'AT+FTH=3', patience: TRAINING, connects: 'sends-frames' };
    case 'hear-frames':
      return { words: 'AT+FRH=3', patience: undefined, connects: 'hears-frames' };
    case 'send-page':
      return { words: `AT+FTM=${order.modulation}`, patience: TRAINING, connects: 'sends-page' };
    case 'hear-page':
      return { words: `AT+FRM=${order.modulation}`, patience: undefined, connects: 'hears-page' };
    case 'watch-handset':
      return commandsOf(handset.watch);
    case 'leave-handset':
      return commandsOf(handset.leave);
    case 'sound':
      return commandsOf([handset.tones[order.tone]]);
    default:
      return undefined;
  }
}

const commandsOf = ([words = 'AT', ...behind]: readonly string[]): FaxCommand => ({
  ...{ words, behind, patience: AT_ONCE, connects: 'never' },
});

export const typed = (words: string): Uint8Array => Uint8Array.from(`${words}\r`, (letter) => letter.charCodeAt(0));

/** V.250 6.3.1: what may stand in a dial string, tone or pulse before it; anything else could begin another command. */
export const isDialable = (digits: string): boolean => /^[TP]?[0-9*#+,W]{1,40}$/.test(digits);

const tensOf = (tens: number): number => Math.max(1, Math.min(255, Math.round(tens)));
