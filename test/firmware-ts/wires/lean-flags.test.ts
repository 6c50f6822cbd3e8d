import { expect, it } from 'vitest';
import { LEAN, leanFlags } from '../../../firmware-ts/wires/node/lean-flags.ts';

it('V-1: a box has an agent whatever flags its Node no longer takes', () => {
  expect(leanFlags()).toEqual(LEAN);
  expect(leanFlags(['--single-threaded-gc', '--saves-a-megabyte', '--no-expose-wasm'])).toEqual([
    '--single-threaded-gc',
    '--no-expose-wasm',
  ]);
});
