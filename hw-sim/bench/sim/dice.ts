/** Cheap and seeded: xorshift32. */
export type Dice = { state: number };

/** A whole number from 0, below `sides`. */
export const roll = (dice: Dice, sides: number): number => {
  let x = dice.state;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  dice.state = x;
  return (x >>> 0) % sides;
};
