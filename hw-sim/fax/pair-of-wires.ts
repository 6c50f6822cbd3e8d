import { type Millis, millis } from '../../agent/model/units.ts';
import type { Cancel, Clock } from '../../agent/ports/clock.ts';
import type { PhoneSignal } from './phone-signal.ts';
import { frameOf, WORDS, type Word } from './t30-words.ts';

export type Said = readonly [Word, ...number[]];

/** What a fax machine does with its telephone pair: one thing at a time, and deaf while it speaks. */
export type PairOfWires = {
  /** After a pause of 75 ms: frames, the last one final. Then `after`, if the call is still on. */
  readonly speak: (said: readonly Said[], after?: () => void) => void;
  /** After a pause of 75 ms: training and data. */
  readonly sendPage: (modulation: number, octets: Uint8Array, after: () => void) => void;
  readonly isSpeaking: () => boolean;
  /** One timer; the same again replaces it. */
  readonly wait: (delay: Millis, then: () => void) => void;
  readonly stopWaiting: () => void;
  readonly end: () => void;
  readonly story: string[];
};

const TURN = millis(75);

export function createPairOfWires(clock: Clock, say: (signal: PhoneSignal) => number): PairOfWires {
  let timer: Cancel | undefined;
  let ended = false;
  let speaking = 0;
  const story: string[] = [];
  const later = (delay: number, run: () => void): Cancel =>
    clock.after(millis(delay), () => (ended ? undefined : run()));
  const send = (what: string, signal: PhoneSignal, after: (() => void) | undefined): void => {
    timer?.();
    speaking += 1;
    later(TURN, () => {
      story.push(`said ${what}`);
      later(say(signal), () => {
        speaking -= 1;
        after?.();
      });
    });
  };
  return {
    story,
    isSpeaking: () => speaking > 0,
    speak(said, after) {
      const frames = said.map(([word, ...information], at) =>
        frameOf(WORDS[word], at === said.length - 1, information),
      );
      send(said.map(([word]) => word).join(' '), { is: 'frames', frames }, after);
    },
    sendPage(modulation, octets, after) {
      send(`${octets.length} octets at ${modulation}`, { is: 'page', modulation, octets }, after);
    },
    wait(delay, then) {
      timer?.();
      timer = later(delay, then);
    },
    stopWaiting: () => timer?.(),
    end() {
      ended = true;
      timer?.();
    },
  };
}
