import { expect, it } from 'vitest';
import { createUnderWay } from '../../../agent/runtime/under-way.ts';

it('security line 22: what one has under way is bounded, takes nothing from others, and comes back as it ends', () => {
  const looking = createUnderWay(2);
  const ends: (() => void)[] = [];
  const begin = (whose: number): boolean => looking.begin(whose, (end) => ends.push(end));
  expect([begin(1), begin(1), begin(1), begin(2)]).toEqual([true, true, false, true]);
  ends[0]?.();
  expect([begin(1), begin(1)]).toEqual([true, false]);
  expect(ends).toHaveLength(4);
});
