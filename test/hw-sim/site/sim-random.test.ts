import { expect, test } from 'vitest';
import { millis } from '../../../agent/model/units.ts';
import { createSimRandom } from '../../../hw-sim/site/sim-random.ts';

const draws = (seed: string) => {
  const random = createSimRandom(seed);
  return Array.from({ length: 50 }, () => random.fraction());
};

test('the same seed throws the same dice, another seed throws others', () => {
  expect(draws('a')).toEqual(draws('a'));
  expect(draws('a')).not.toEqual(draws('b'));
});

test('a fork does not depend on what was thrown before it, nor does it disturb what comes after', () => {
  const [one, two] = [createSimRandom('a'), createSimRandom('a')];
  one.fraction();
  const early = two.fork('voice').hex(16);
  expect(one.fork('voice').hex(16)).toBe(early);
  expect(one.fork('links').hex(16)).not.toBe(early);
  two.fraction();
  expect(one.fraction()).toBe(two.fraction());
});

test('fractions fill every tenth of their range alike', () => {
  const random = createSimRandom('uniform');
  const tenths = new Array<number>(10).fill(0);
  for (let i = 0; i < 100_000; i += 1) {
    const tenth = Math.floor(random.fraction() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  // Four standard deviations of a binomial of 100 000 with 1/10.
  for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(380);
});

test('hex gives two digits a byte, in lower case', () => {
  const random = createSimRandom('hex');
  for (const count of [1, 4, 7, 16]) expect(random.hex(count)).toMatch(new RegExp(`^[0-9a-f]{${count * 2}}$`));
});

test('a span is drawn with both its ends', () => {
  const random = createSimRandom('span');
  const drawn = new Set(Array.from({ length: 200 }, () => random.between(millis(3), millis(6))));
  expect([...drawn].toSorted()).toEqual([3, 4, 5, 6]);
});
