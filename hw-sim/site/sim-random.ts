import { type Millis, millis } from '../../agent/model/units.ts';
import type { Random } from '../../agent/ports/random.ts';

/** Dice from a seed. Parts of the site throw dice of their own, so that one more throw here changes nothing there. */
export type SimRandom = Random & {
  /** Other dice, the same for the same label whatever was thrown before. */
  fork(label: string): SimRandom;
  chance(probability: number): boolean;
  /** A whole number of milliseconds, both ends included. */
  between(least: Millis, most: Millis): Millis;
  pick<T>(choices: readonly [T, ...T[]]): T;
};

type Sfc32 = { a: number; b: number; c: number; counter: number };

export function createSimRandom(seed: string): SimRandom {
  const state = seeded(seed);
  const fraction = () => next(state) / 0x1_0000_0000;
  return {
    fraction,
    hex: (count) => hex(state, count),
    fork: (label) => createSimRandom(`${seed}/${label}`),
    chance: (probability) => probability > 0 && fraction() < probability,
    between: (least, most) => millis(least + Math.floor(fraction() * (most - least + 1))),
    pick: (choices) => choices[Math.floor(fraction() * choices.length)] ?? choices[0],
  };
}

/** sfc32 of PractRand (Chris Doty-Humphrey): small, fast, passes its tests. */
function next(state: Sfc32): number {
  const sum = (state.a + state.b + state.counter) | 0;
  state.counter = (state.counter + 1) | 0;
  state.a = state.b ^ (state.b >>> 9);
  state.b = (state.c + (state.c << 3)) | 0;
  state.c = (((state.c << 21) | (state.c >>> 11)) + sum) | 0;
  return sum >>> 0;
}

function hex(state: Sfc32, count: number): string {
  let text = '';
  while (text.length < count * 2) text += next(state).toString(16).padStart(8, '0');
  return text.slice(0, count * 2);
}

function seeded(seed: string): Sfc32 {
  const state: Sfc32 = { a: lane(seed, 0x9e3779b9), b: lane(seed, 0x85ebca6b), c: lane(seed, 0xc2b2ae35), counter: 1 };
  // The first outputs still show the seed; PractRand throws 12 away, we a few more.
  for (let i = 0; i < 20; i += 1) next(state);
  return state;
}

function lane(seed: string, start: number): number {
  let value = start;
  for (let i = 0; i < seed.length; i += 1) value = Math.imul(value ^ seed.charCodeAt(i), 0x01000193) ^ (value >>> 15);
  return value | 0;
}
