/** The same throws every time for the same seed (mulberry32): a whole number from 0 to `sides` − 1. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

/** One of a list. */
export function pick<T>(throwDice: (sides: number) => number, list: readonly [T, ...T[]]): T {
  return list[throwDice(list.length)] ?? list[0];
}

export function shuffled<T>(throwDice: (sides: number) => number, list: readonly T[]): readonly T[] {
  return list
    .map((one) => ({ one, key: throwDice(1_000_000) }))
    .sort((a, b) => a.key - b.key)
    .map(({ one }) => one);
}
