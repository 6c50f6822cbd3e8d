/**
 * What voice feels of data on the same line: real datagrams both ways through a real kernel with the real data plane, in
 * front of a line that is a plain queue of its own, and in the same run what else a box could do there.
 *
 *   npm run build && node dist/hw-sim/bench/qos.js [--seconds 5] [--runs 1] [--kbps 512,1000,5000,20000]
 *     [--calls 1,5] [--loads tcp,udp] [--ways ours,unshaped,plain] [--short] [--uml] [--drop]
 *
 * `--short`: what a test has time for. `--uml`: on a Linux in user mode, whose line holds packets for their time on the wire
 * and which has fq_codel and CAKE; it has the queues of the box and not its rules. `--drop`: a line
 * that carries 5 Mbit/s and then 1. What else a box could do is measured for two thirds of the seconds. Prints one JSON object; needs root or user namespaces, nft and ethtool.
 */
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { callKbps, voiceKbps } from '../../agent/plans/call-rate.ts';
import { checkSandbox, holdLifeline, insideSandbox, runInSandbox } from '../kernel/sandbox.ts';
import { runInUserMode } from '../kernel/user-mode.ts';
import { queuesUp } from './qos/bare-box.ts';
import { type Case, type Ends, type Load, openEnds, type Result } from './qos/case.ts';
import { dropping } from './qos/drop.ts';
import { median, round } from './qos/judge.ts';
import { buildPlace } from './qos/line.ts';
import { isThere, WAYS, type Way } from './qos/ways.ts';

const LOADS = ['tcp', 'udp'] as const;
/** Beside what the kernel of Debian's user-mode-linux has built in, in the order in which they need one another. */
const MODULES = [
  'veth',
  'ifb',
  'sch_htb',
  'sch_fq_codel',
  'sch_cake',
  'sch_netem',
  'sch_tbf',
  'sch_ingress',
  'cls_u32',
  'act_mirred',
];
/** Seconds until a load has found its pace. */
const SETTLE = 2.5;

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seconds: { type: 'string', default: '5' },
      runs: { type: 'string', default: '1' },
      kbps: { type: 'string', default: '512,1000,5000,20000' },
      calls: { type: 'string', default: '1,5' },
      loads: { type: 'string', default: LOADS.join(',') },
      ways: { type: 'string', default: WAYS.join(',') },
      short: { type: 'boolean', default: false },
      drop: { type: 'boolean', default: false },
      uml: { type: 'boolean', default: false },
      inside: { type: 'boolean', default: false },
    },
  });
  const seconds = positive('seconds', values.seconds);
  const runs = positive('runs', values.runs);
  const extent = {
    ...{ runs, seconds },
    rates: values.kbps.split(',').map((one) => positive('kbps', one)),
    calls: values.calls.split(',').map((one) => positive('calls', one)),
    loads: amongst('loads', LOADS, values.loads),
    ways: amongst('ways', WAYS, values.ways),
  };
  const self = fileURLToPath(import.meta.url);
  if (values.uml) {
    const inside = argv.filter((word) => word !== '--uml');
    const { status, stdout, stderr } = await runInUserMode([process.execPath, self, ...inside, '--inside'], MODULES);
    process.stderr.write(stderr);
    process.stdout.write(stdout);
    return status;
  }
  // `--inside`: a machine of one's own, as a kernel in user mode is, which needs no sandbox.
  if (!insideSandbox() && !values.inside) {
    await checkSandbox({ tun: false });
    return runInSandbox({ command: process.execPath, args: [self, ...argv] });
  }
  holdLifeline(() => process.exit(130));
  await buildPlace();
  if (values.drop) {
    process.stdout.write(`${JSON.stringify({ load: loadavg(), ...(await dropping()) }, null, 1)}\n`);
    return 0;
  }
  const ends = await openEnds(values.inside);
  try {
    const found = values.short
      ? await short(ends, values.inside ? ['ours'] : ['ours', 'unshaped'])
      : await whole(ends, extent);
    process.stdout.write(`${JSON.stringify({ load: loadavg().map((one) => round(one, 1)), ...found }, null, 1)}\n`);
  } finally {
    await ends.end();
  }
  return 0;
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${name} ${text}: write a number above 0`);
  return number;
}

function amongst<T extends string>(name: string, known: readonly T[], text: string): readonly T[] {
  return text.split(',').map((word) => {
    const found = known.find((one) => one === word);
    if (found === undefined) throw new Error(`--${name} ${word}: write some of ${known.join(',')}`);
    return found;
  });
}

/** One line, two calls. */
async function short(ends: Ends, ways: readonly Way[]) {
  const times = { settle: ways.length > 1 ? 3 : 1, seconds: 2.5 };
  const one = { kbps: 1_000, calls: 2, channels: 4 } as const;
  const rows: Result[] = [];
  for (const way of ways) {
    rows.push(say(await ends.run({ ...one, way, load: 'tcp' }, times)));
  }
  return { rows, queues: await queuesUp() };
}

type Extent = {
  readonly rates: readonly number[];
  readonly calls: readonly number[];
  readonly loads: readonly Load[];
  readonly ways: readonly Way[];
  readonly runs: number;
  readonly seconds: number;
};

async function whole(ends: Ends, { rates, calls: counts, loads, ways: wanted, runs, seconds }: Extent) {
  const ways: Way[] = [];
  for (const way of wanted) if (await isThere(way)) ways.push(way);
  const rows = [];
  for (const kbps of rates) {
    for (const calls of counts) {
      const channels = Math.max(calls, 4);
      const empty = await again(ends, { way: 'ours', kbps, calls, load: 'none', channels }, { runs, seconds });
      for (const way of ways) {
        for (const load of loads) {
          const times = way === 'ours' ? { runs, seconds } : { runs: 1, seconds: (seconds * 2) / 3 };
          rows.push(rowOf(await again(ends, { way, kbps, calls, load, channels }, times), empty));
        }
      }
    }
  }
  return { rows, beyond: ways.includes('ours') ? await beyondAdmission(ends, { runs, seconds }) : undefined };
}

async function again(
  ends: Ends,
  one: Case,
  { runs, seconds }: { readonly runs: number; readonly seconds: number },
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let count = 0; count < runs; count += 1) results.push(say(await ends.run(one, { settle: SETTLE, seconds })));
  return results;
}

/** Medians of the runs; delays above those of the same calls on the empty line. */
function rowOf(results: readonly Result[], empty: readonly Result[]) {
  const [{ way, kbps, calls, load } = { way: 'ours', kbps: 0, calls: 0, load: 'none' as Load }] = results;
  const middle = (of: (one: Result) => number, among = results, digits = 2): number =>
    round(median(among.map(of)), digits);
  const above = (of: (one: Result) => number): number => round(middle(of) - middle(of, empty), 2);
  const side = (name: 'up' | 'down') => ({
    p50: above((one) => one[name].p50),
    p99: above((one) => one[name].p99),
    lostPercent: round(results.reduce((sum, one) => sum + one[name].lostPercent, 0) / results.length, 3),
    mos: middle((one) => one[name].mos),
    use: middle((one) => one.use[name], results, 3),
    dataKbps: middle((one) => one.data[`${name}Kbps`], results, 0),
  });
  return { way, kbps, calls, load, up: side('up'), down: side('down') };
}

/** Q-4, V-1: as many calls as are admitted, and one more that may never be refused. */
async function beyondAdmission(ends: Ends, extent: { readonly runs: number; readonly seconds: number }) {
  const kbps = 1_000;
  const admitted = Math.floor(voiceKbps({ upKbps: kbps, downKbps: kbps }) / callKbps('PCMA', 'fibre'));
  const rating = async (calls: number) => {
    const results = await again(ends, { way: 'ours', kbps, calls, load: 'tcp', channels: admitted }, extent);
    const of = (name: 'up' | 'down') => round(median(results.map((one) => one[name].rating)), 1);
    return { calls, up: of('up'), down: of('down') };
  };
  return { kbps, full: await rating(admitted), oneMore: await rating(admitted + 1) };
}

function say(result: Result): Result {
  process.stderr.write(`${JSON.stringify(result)}\n`);
  return result;
}

process.exitCode = await main(process.argv.slice(2));
