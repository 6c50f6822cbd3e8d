/**
 * What it costs to look after a box: the round trip of a Get through a real Mosquitto, in clear and with certificates both
 * ways; memory of the idle agent, and its growth over a simulated month; bytes of an idle month on a metered link, headers
 * and acknowledgments included. JSON on standard output; answers 0 when the aims are met.
 *
 *   npm run build && sudo node dist/hw-sim/bench/support.js [--gets 1000] [--days 30] [--idle 30] [--program MAIN.js]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { topics } from '../../agent/model/messages.ts';
import { exampleSite } from '../day/day.ts';
import { openByteCounter } from './support/byte-counter.ts';
import { type IdleMonth, liveIdle } from './support/idle-month.ts';
import { LINK_PAIRS, openManagedBox } from './support/managed-box.ts';
import { type Memory, memoryOf } from './support/memory-of.ts';
import { measureRoundTrips, type RoundTrips } from './support/round-trips.ts';
import { measureWire, type WireCost } from './support/wire-cost.ts';

const AIM = { residentMiB: 64, bytesPerMonth: 2_000_000, heapGrowthMiB: 5 } as const;
const DAYS_OF_MONTH = 30;
/** Mobile networks end a session now and then; once a day is much. */
const CONNECTIONS_PER_DAY = 1;
const INSIDE = 'RELAIS_BENCH_INSIDE';
const SELF = fileURLToPath(import.meta.url);

const { gets, days, idle, month, program } = parseArgs({
  options: {
    gets: { type: 'string', default: '1000' },
    days: { type: 'string', default: '30' },
    idle: { type: 'string', default: '30' },
    /** The agent of a bundled release (provisioning/bundle-release.mjs); otherwise the compiled one. */
    program: { type: 'string' },
    /** The simulated days alone, in a process of their own. */
    month: { type: 'boolean', default: false },
  },
}).values;

async function main(): Promise<number> {
  if (month) return liveMonth();
  if (process.env[INSIDE] !== undefined) return measure();
  // The kernel's tables and interfaces of this machine are not for a bench: it goes on in a namespace of its own.
  const words = ['--net', '--', process.execPath, SELF, ...process.argv.slice(2)];
  return spawnSync('unshare', words, { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } }).status ?? 1;
}

function liveMonth(): number {
  const collect = globalThis.gc;
  if (collect === undefined) throw new Error('--month needs node --expose-gc');
  process.stdout.write(JSON.stringify(liveIdle(exampleSite(), Number(days), () => collect())));
  return 0;
}

async function measure(): Promise<number> {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  for (const [one, other] of LINK_PAIRS)
    execFileSync('ip', ['link', 'add', one, 'type', 'veth', 'peer', 'name', other]);
  const directory = mkdtempSync(join(tmpdir(), 'relais-support-'));
  try {
    const plain = await look(join(directory, 'plain'), false);
    const mutualTls = await look(join(directory, 'mutual-tls'), true);
    const simulated: IdleMonth = JSON.parse(
      execFileSync(process.execPath, ['--expose-gc', SELF, '--month', '--days', days], { encoding: 'utf8' }),
    );
    const wire = monthOnWire(simulated, mutualTls.wire);
    const growth = growthOf(simulated);
    const met =
      mutualTls.memory.residentMiB <= AIM.residentMiB &&
      wire.bytes <= AIM.bytesPerMonth &&
      growth <= AIM.heapGrowthMiB &&
      [plain, mutualTls].every(({ roundTrips }) => roundTrips.unanswered === 0);
    const { heapBytes, ...said } = simulated;
    const report = { plain, mutualTls, month: { ...said, ...wire, heapGrowthMiB: growth }, aims: AIM, met };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return met ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

type Looked = {
  readonly wire: WireCost;
  readonly roundTrips: RoundTrips;
  readonly memory: Memory;
  readonly used: Memory;
};

/** `memory`: connected and idle; `used`: idle again after the round trips. */
async function look(directory: string, secure: boolean): Promise<Looked> {
  const box = await openManagedBox(directory, secure);
  try {
    const { telemetry } = topics(box.config.tenant, box.config.device.id);
    const wire = await measureWire(box.uplink, telemetry, openByteCounter(box.uplink.port));
    await box.startCentral();
    const process_ = await box.startAgent(program);
    await pause(Number(idle) * 1_000);
    const memory = memoryOf(process_);
    const link = await box.controller();
    const roundTrips = await measureRoundTrips(link, box.config.device.id, Number(gets));
    await link.close();
    await pause(Number(idle) * 1_000);
    const used = memoryOf(process_);
    return { wire, roundTrips, memory, used };
  } finally {
    await box.close();
  }
}

/** What the simulated days would have taken on the wire that was measured, for a month of 30 days. */
function monthOnWire({ days: lived, messages, pings }: IdleMonth, cost: WireCost) {
  const scale = DAYS_OF_MONTH / lived;
  const of = (bytes: number): number => Math.ceil(bytes * scale);
  const greeting = messages
    .filter(({ topic }) => topic === 'hello' || topic === 'welcome')
    .reduce((sum, { count, bytes }) => sum + bytes / count + cost.message, 0);
  const parts = {
    keepAlive: of(pings * cost.ping),
    messages: of(messages.reduce((sum, { count, bytes }) => sum + bytes + count * cost.message, 0)),
    connections: DAYS_OF_MONTH * CONNECTIONS_PER_DAY * Math.ceil(cost.connection + greeting),
  };
  return { parts, bytes: parts.keepAlive + parts.messages + parts.connections };
}

/** From the second day, when everything has been used once, to the last. */
const growthOf = ({ heapBytes }: IdleMonth): number =>
  Math.round(((heapBytes.at(-1) ?? 0) - (heapBytes[1] ?? heapBytes[0] ?? 0)) / 10_485.76) / 100;

process.exitCode = await main();
