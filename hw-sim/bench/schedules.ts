/**
 * Random schedules of the whole lease protocol in simulated time: real agents of one account, the real core of the central,
 * and a world that loses, doubles, delays, cuts the power, puts old images back and runs clones (C-1, C-3, U-7).
 *
 *   npm run build && node dist/hw-sim/bench/schedules.js [--schedules 100000] [--from 0] [--workers 2] [--minutes M]
 *   node dist/hw-sim/bench/schedules.js --defects [--schedules 2000]
 *
 * A schedule is its number: the same number makes the same schedule. With --minutes no schedule begins after that time.
 * --defects plants each known mistake in turn and says how many schedules it took to find it.
 */
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { exampleSite } from '../day/day.ts';
import { DEFECTS } from './schedules/defects.ts';
import { planOf } from './schedules/plan.ts';
import { play } from './schedules/play.ts';

const options = {
  schedules: { type: 'string' },
  from: { type: 'string', default: '0' },
  workers: { type: 'string', default: '2' },
  minutes: { type: 'string', default: '1440' },
  defects: { type: 'boolean', default: false },
} as const;

type Order = { readonly from: number; readonly count: number; readonly step: number; readonly until: number };
type Sum = {
  readonly schedules: number;
  readonly calls: number;
  readonly records: number;
  readonly strandedPercent: number;
  readonly failed: readonly { readonly seed: string; readonly found: readonly string[] }[];
};

const NOTHING: Sum = { schedules: 0, calls: 0, records: 0, strandedPercent: 0, failed: [] };
const REPORT_EVERY = 250;

function work({ from, count, step, until }: Order, tell: (sum: Sum) => void): void {
  const base = exampleSite();
  let sum = NOTHING;
  for (let number = from; number < count && Date.now() < until; number += step) {
    const seed = String(number);
    const { found, calls, records, strandedPercent } = play(planOf(seed), base);
    sum = {
      schedules: sum.schedules + 1,
      calls: sum.calls + calls,
      records: sum.records + records,
      strandedPercent: Math.max(sum.strandedPercent, strandedPercent),
      failed: found.length === 0 ? sum.failed : [...sum.failed, { seed, found }],
    };
    if (sum.schedules % REPORT_EVERY !== 0) continue;
    tell(sum);
    sum = NOTHING;
  }
  tell(sum);
}

const both = (one: Sum, other: Sum): Sum => ({
  schedules: one.schedules + other.schedules,
  calls: one.calls + other.calls,
  records: one.records + other.records,
  strandedPercent: Math.max(one.strandedPercent, other.strandedPercent),
  failed: [...one.failed, ...other.failed],
});

async function storm(first: number, count: number, workers: number, minutes: number): Promise<number> {
  const began = Date.now();
  let sum = NOTHING;
  const line = (): string => {
    const took = (Date.now() - began) / 1_000;
    return `${sum.schedules} schedules from ${first}, ${sum.calls} calls, ${sum.records} records, ${sum.failed.length} failed, at most ${sum.strandedPercent.toFixed(1)} % of a cap idle, ${took.toFixed(0)} s`;
  };
  await Promise.all(
    Array.from({ length: workers }, (_, worker) => {
      const order: Order = {
        from: first + worker,
        count: first + count,
        step: workers,
        until: began + minutes * 60_000,
      };
      const thread = new Worker(new URL(import.meta.url), { workerData: order });
      thread.on('message', (part: Sum) => {
        sum = both(sum, part);
        for (const { seed, found } of part.failed) process.stdout.write(`schedule ${seed}: ${found.join('; ')}\n`);
        process.stdout.write(`${line()}\n`);
      });
      return new Promise<void>((done, fail) => thread.once('error', fail).once('exit', () => done()));
    }),
  );
  process.stdout.write(`${line()}\n`);
  return sum.failed.length === 0 ? 0 : 1;
}

/** How many schedules it takes to find each defect. */
function hunt(first: number, most: number): number {
  const base = exampleSite();
  let missed = 0;
  for (const [name, plant] of Object.entries(DEFECTS)) {
    let took = 0;
    let found: readonly string[] = [];
    while (found.length === 0 && took < most) {
      found = play(planOf(String(first + took)), base, plant()).found;
      took += 1;
    }
    if (found.length === 0) missed += 1;
    const told = found.length === 0 ? `not found in ${took} schedules` : `found by schedule ${took}: ${found[0]}`;
    process.stdout.write(`${name}: ${told}\n`);
  }
  return missed === 0 ? 0 : 1;
}

async function main(argv: readonly string[]): Promise<number> {
  const { schedules, from, workers, minutes, defects } = parseArgs({ args: [...argv], options }).values;
  if (defects) return hunt(Number(from), Number(schedules ?? 2_000));
  return storm(Number(from), Number(schedules ?? 100_000), Number(workers), Number(minutes));
}

if (isMainThread) process.exitCode = await main(process.argv.slice(2));
else work(workerData, (sum) => parentPort?.postMessage(sum));
