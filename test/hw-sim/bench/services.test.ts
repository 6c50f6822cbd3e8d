import { expect, it } from 'vitest';
import { seconds } from '../../../agent/model/units.ts';
import { harmOnce } from '../../../hw-sim/bench/services/harm.ts';
import { siteConfig } from '../../example-site.ts';

it('M-1, M-2, security line 32: thirty-five harmful configurations by records of USP, half of them with a power cut on the way, are all recovered within 120 s of simulated time: a Get is answered again', () => {
  const runs = Array.from({ length: 35 }, (_, seed) => harmOnce(siteConfig(), seed));
  expect(runs.filter(({ endedWith }) => endedWith !== 'before')).toEqual([]);
  expect(runs.filter(({ recoveredAfter }) => recoveredAfter === undefined || recoveredAfter >= seconds(120))).toEqual(
    [],
  );
  expect(new Set(runs.map(({ harm }) => harm)).size).toBe(7);
});
