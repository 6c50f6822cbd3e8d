import { millis } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';

/** The pair of a fax machine as its modem sees it between faxes. */
type Pair = {
  readonly lift: () => void;
  readonly replace: () => void;
  readonly key: (digit: string) => void;
};

/**
 * The handset of a fax machine: a hand lays a document in and dials. It gives up at a busy tone, and hangs up when its fax is over.
 * Left out: redialing by itself, pulse dialing, a hand that hesitates.
 */
export type Handset = {
  readonly dial: (number: string) => void;
  readonly hangUp: () => void;
  readonly isLifted: () => boolean;
  /** A beat of tone that the modem sounds. */
  readonly hear: (tones: string) => void;
  /** Words for what it heard: dial, ringing, busy. */
  readonly heard: () => readonly string[];
};

const FIRST_KEY = millis(600);
const NEXT_KEY = millis(120);
const BUSY = '[440,,50],[,,50]';
const NAMES: Readonly<Record<string, string>> = { '[440,,100]': 'dial', '[440,,150]': 'ringing', [BUSY]: 'busy' };

export function createHandset(clock: Clock, pair: Pair): Handset {
  const heard: string[] = [];
  let lifted = false;
  const hangUp = (): void => {
    if (!lifted) return;
    lifted = false;
    pair.replace();
  };
  const keys = ([first, ...others]: readonly string[]): void => {
    if (first === undefined || !lifted) return;
    pair.key(first);
    clock.after(NEXT_KEY, () => keys(others));
  };
  return {
    dial(number) {
      lifted = true;
      pair.lift();
      clock.after(FIRST_KEY, () => keys([...number]));
    },
    hangUp,
    isLifted: () => lifted,
    hear(tones) {
      heard.push(NAMES[tones] ?? tones);
      if (heard.slice(-3).every((one) => one === 'busy') && heard.length >= 3) hangUp();
    },
    heard: () => heard,
  };
}
