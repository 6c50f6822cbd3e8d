import { parseArgs } from 'node:util';
import { exampleSite } from '../day/day.ts';
import { harmOnce } from './services/harm.ts';

/** `node dist/hw-sim/bench/services.js --configurations 1000`: how long a site is without its management path (M-2). */
const { configurations } = parseArgs({ options: { configurations: { type: 'string', default: '1000' } } }).values;

const runs = Array.from({ length: Number(configurations) }, (_, seed) => harmOnce(exampleSite(), seed));
const times = runs
  .map(({ recoveredAfter }) => recoveredAfter ?? Number.POSITIVE_INFINITY)
  .toSorted((one, other) => one - other);
const worst = times.at(-1) ?? 0;
const byHarm = [...new Set(runs.map(({ harm }) => harm))].map((harm) => {
  const own = runs.filter((run) => run.harm === harm);
  return {
    harm,
    runs: own.length,
    worstSeconds: Math.max(...own.map(({ recoveredAfter }) => recoveredAfter ?? Number.POSITIVE_INFINITY)) / 1_000,
  };
});
const kept = runs.filter(({ endedWith }) => endedWith !== 'before').length;
process.stdout.write(
  `${JSON.stringify({ configurations: runs.length, endedOtherwise: kept, medianSeconds: (times[Math.floor(times.length / 2)] ?? 0) / 1_000, worstSeconds: worst / 1_000, byHarm }, null, 2)}\n`,
);
process.exitCode = worst < 120_000 && kept === 0 ? 0 : 1;
