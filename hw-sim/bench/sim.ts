/**
 * The aims of the mobile line, in one JSON object: what a swap costs beside its modem (100 ms of the wall clock, 99 of 100
 * swaps), APDUs of a download of a profile of 36 files (80, by either way into the card), and byte streams of an AT line
 * without hang, wrong answer or lost report (a million). Ends with 0 only where all are met. Cuts of power: sim-cuts.ts.
 *
 *   npm run build && nice -n 10 node dist/hw-sim/bench/sim.js [--swaps 300] [--streams 1000000] [--seed 24301]
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createTestPki } from '../uicc/test-pki.ts';
import { countApdus } from './sim/count-apdus.ts';
import { measureSwaps, type SwapTime } from './sim/measure-swaps.ts';
import { playStreams } from './sim/play-streams.ts';
import { prepareEuicc } from './sim-cuts/prepared-euicc.ts';

const AIMS = { swapOwnP99Ms: 100, apdus: 80, files: 36, streams: 1_000_000 } as const;

const options = {
  swaps: { type: 'string', default: '300' },
  streams: { type: 'string', default: '1000000' },
  seed: { type: 'string', default: '24301' },
} as const;

async function main(argv: readonly string[]): Promise<number> {
  const { swaps, streams, seed } = parseArgs({ args: [...argv], options }).values;
  const pki = createTestPki();
  const downloads = [await countApdus('logical', pki), await countApdus('basic', pki)];
  const times = await measureSwaps(Number(swaps), prepareEuicc(pki));
  const swap = summary(times);
  const { wrong, ended } = playStreams(Number(streams), Number(seed));
  const met = {
    swap: swap.ownMs.p99 <= AIMS.swapOwnP99Ms,
    downloads: downloads.every(({ apdus, files }) => apdus <= AIMS.apdus && files >= AIMS.files),
    streams: wrong.length === 0 && Number(streams) >= AIMS.streams,
  };
  const told = {
    aims: AIMS,
    swap,
    downloads,
    streams: { streams: Number(streams), seed: Number(seed), ended, wrong },
    met,
  };
  process.stdout.write(`${JSON.stringify(told, undefined, 2)}\n`);
  return Object.values(met).every((is) => is) ? 0 : 1;
}

function summary(times: readonly SwapTime[]) {
  return {
    swaps: times.length,
    /** What else the machine was doing. */
    load: Math.round(loadavg()[0] ?? 0),
    commandsASwap: Math.max(...times.map(({ commands }) => commands)),
    ownMs: quantiles(times.map(({ whole, modem }) => whole - modem)),
    cpuMs: quantiles(times.map(({ cpu }) => cpu)),
    flushesMs: quantiles(times.map(({ flushes }) => flushes)),
    modemMs: quantiles(times.map(({ modem }) => modem)),
    wholeMs: quantiles(times.map(({ whole }) => whole)),
  };
}

function quantiles(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10;
  return { p50: at(0.5), p99: at(0.99), most: at(1) };
}

process.exitCode = await main(process.argv.slice(2));
