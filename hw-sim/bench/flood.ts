/**
 * A controller that sends a thousand messages a second to a shipped box (security line 22): is another controller answered,
 * are phones, do records reach the central, and what becomes of the memory? JSON on standard output; answers 0 when all that
 * was asked was answered.
 *
 *   npm run build && sudo node dist/hw-sim/bench/flood.js [--seconds 60] [--rate 1000]
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openFlood } from './support/flood.ts';
import { FLOODER, LINK_PAIRS, type ManagedBox, openManagedBox } from './support/managed-box.ts';
import { memoryOf } from './support/memory-of.ts';
import { openRefusedPhone } from './support/refused-phone.ts';
import { measureRoundTrips } from './support/round-trips.ts';

const INSIDE = 'RELAIS_BENCH_INSIDE';
const SELF = fileURLToPath(import.meta.url);
/** The last records are signed for and received soon after. */
const RECEIVED_WITHIN = 30_000;

const { seconds, rate } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, rate: { type: 'string', default: '1000' } },
}).values;

async function main(): Promise<number> {
  if (process.env[INSIDE] !== undefined) return measure();
  // The kernel's tables and interfaces of this machine are not for a bench: it goes on in a namespace of its own.
  const words = ['--net', '--', process.execPath, SELF, ...process.argv.slice(2)];
  return spawnSync('unshare', words, { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } }).status ?? 1;
}

async function measure(): Promise<number> {
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  for (const [one, other] of LINK_PAIRS)
    execFileSync('ip', ['link', 'add', one, 'type', 'veth', 'peer', 'name', other]);
  const directory = mkdtempSync(join(tmpdir(), 'relais-flood-'));
  const box = await openManagedBox(join(directory, 'box'), false);
  try {
    const report = await flooded(box);
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    return report.roundTrips.unanswered + report.phone.unanswered === 0 && report.received ? 0 : 1;
  } finally {
    await box.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Another controller and a phone ask all the while, one question after the other. */
async function flooded(box: ManagedBox) {
  await box.startCentral();
  const agent = await box.startAgent();
  const other = await box.controller();
  const device = box.config.device.id;
  await measureRoundTrips(other, device, 20);
  const before = memoryOf(agent);
  const flood = await openFlood(box, FLOODER, Number(rate));
  const phone = await openRefusedPhone();
  const began = performance.now();
  const ends = began + Number(seconds) * 1_000;
  const calling = phone.callUntil(ends);
  const roundTrips = await measureRoundTrips(other, device, Number(seconds) * 2);
  const { answered, unanswered, worstMs } = await calling;
  const { sent, answers } = await flood.end();
  const floodSeconds = Math.ceil((performance.now() - began) / 1_000);
  const after = memoryOf(agent);
  phone.close();
  const received = await allReceived(other, device, answered);
  await other.close();
  return { floodSeconds, sent, answers, roundTrips, phone: { answered, unanswered, worstMs }, received, before, after };
}

type Asks = Awaited<ReturnType<ManagedBox['controller']>>;

/** Is each record of a refused call with the central, which has signed for it? */
async function allReceived(other: Asks, device: string, calls: number): Promise<boolean> {
  const paths = ['Size', 'Received'].map((name) => `Device.X_RELAIS_Ledger.${name}`);
  for (const until = performance.now() + RECEIVED_WITHIN; performance.now() < until; await pause(500)) {
    const reply = await other.ask(device, { get: { paramPaths: paths, maxDepth: 0 } });
    const results = reply.is === 'response' ? (reply.response.getResp?.reqPathResults ?? []) : [];
    const [size, taken] = results.map(({ resolvedPathResults: [found] }) =>
      Number(Object.values(found?.resultParams ?? {})[0]),
    );
    if (size !== undefined && size >= calls && size === taken) return true;
  }
  return false;
}

process.exitCode = await main();
