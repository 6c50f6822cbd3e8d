/**
 * How long the agent takes from the start of its process until it can record, on a ledger of 600,000 records, and what it
 * holds in memory when it is connected and idle. The agent is the shipped command with its real files and MQTT, in a
 * network namespace of its own. Answers 0 when both aims are met.
 *
 *   npm run build && sudo node dist/hw-sim/bench/start.js [--records 600000] [--starts 3] [--idle 20]
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { HelloSchema, RecordsSchema, topics } from '../../agent/model/messages.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { LEAN } from '../../firmware-ts/wires/node/lean-flags.ts';
import { exampleSite } from '../day/day.ts';
import { writeLongLedger } from './cuts/long-ledger.ts';
import { openRecordingBroker } from './cuts/recording-broker.ts';

const AIM = { startMs: 2_000, residentMiB: 64 } as const;
const INSIDE = 'RELAIS_BENCH_INSIDE';
const AGENT = fileURLToPath(new URL('../../agent/main.js', import.meta.url));

const PAIRS = [
  ['voice0', 'data0'],
  ['wan1', 'wan2'],
] as const;

const options = {
  records: { type: 'string', default: '600000' },
  starts: { type: 'string', default: '3' },
  idle: { type: 'string', default: '20' },
} as const;

/** The kernel's tables and interfaces of this machine are not for a bench: it goes on in a namespace of its own. */
function main(argv: readonly string[]): Promise<number> | number {
  if (process.env[INSIDE] !== undefined) return measure(argv);
  const words = ['--net', '--', process.execPath, fileURLToPath(import.meta.url), ...argv];
  return spawnSync('unshare', words, { stdio: 'inherit', env: { ...process.env, [INSIDE]: '1' } }).status ?? 1;
}

async function measure(argv: readonly string[]): Promise<number> {
  const { records, starts, idle } = parseArgs({ args: [...argv], options }).values;
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  for (const [one, other] of PAIRS) execFileSync('ip', ['link', 'add', one, 'type', 'veth', 'peer', 'name', other]);
  const directory = mkdtempSync(join(tmpdir(), 'relais-start-'));
  try {
    const box = await openBox(directory, Number(records));
    let met = true;
    for (let start = 1; start <= Number(starts); start += 1) {
      const seen = await box.start(Number(idle) * 1_000);
      const { readyMs, busyMs, saidMs, residentMiB, dirtyMiB } = seen;
      say(
        `start ${start}: ready to record after ${readyMs} ms, ${busyMs} ms of them at work, central greeted after ${saidMs} ms`,
      );
      say(`start ${start}: idle after ${idle} s: ${residentMiB} MiB resident, ${dirtyMiB} MiB of it private and dirty`);
      // The first start reads everything: nothing has been written down yet.
      met = met && residentMiB <= AIM.residentMiB && (start === 1 || readyMs <= AIM.startMs);
    }
    await box.close();
    say(`aims: ${AIM.startMs} ms from the second start on, ${AIM.residentMiB} MiB: ${met ? 'met' : 'MISSED'}`);
    return met ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

type Seen = {
  readonly readyMs: number;
  /** Of it, on a processor: what a machine that has nothing else to do would take. */
  readonly busyMs: number;
  readonly saidMs: number;
  readonly residentMiB: number;
  readonly dirtyMiB: number;
};
type Box = { start(idleMs: number): Promise<Seen>; close(): Promise<void> };

async function openBox(directory: string, records: number): Promise<Box> {
  let greeted: () => void = () => undefined;
  const example = exampleSite();
  const on = topics(example.tenant, example.device.id);
  // A central that holds everything already: nothing is sent while the box is looked at.
  const broker = await openRecordingBroker((topic, payload) => {
    if (topic === on.hello) {
      greeted();
      const { device, epoch, size, head } = HelloSchema.parse(JSON.parse(payload));
      const receipt = { device, epoch, upTo: size, head };
      return [{ topic: on.welcome, payload: JSON.stringify({ receipt, now: Date.now(), cycle: 1 }) }];
    }
    if (topic === on.records) RecordsSchema.parse(JSON.parse(payload));
    return [];
  });
  const config = { ...example, central: { host: '127.0.0.1', port: broker.port, username: example.device.id } };
  const boxFile = writeBox(directory, config);
  const began = performance.now();
  const written = await writeLongLedger(join(directory, 'state'), config, records);
  say(`${written} records written in ${((performance.now() - began) / 1_000).toFixed(0)} s`);
  return {
    close: () => broker.close(),
    async start(idleMs) {
      const from = performance.now();
      const since = (): number => Math.round(performance.now() - from);
      const said = new Promise<number>((resolve) => {
        greeted = () => resolve(since());
      });
      const child = spawn(process.execPath, [...LEAN, AGENT, 'agent', '--config', boxFile], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const readyMs = await new Promise<number>((resolve) =>
        createInterface(child.stdout).on('line', (line) => line.includes('agent started') && resolve(since())),
      );
      const busyMs = busyMillis(child.pid ?? 0);
      const saidMs = await said;
      await new Promise((done) => setTimeout(done, idleMs));
      const memory = readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8');
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
      return {
        readyMs,
        busyMs,
        saidMs,
        residentMiB: mebibytes(memory, 'Rss'),
        dirtyMiB: mebibytes(memory, 'Private_Dirty'),
      };
    },
  };
}

/** proc(5), /proc/pid/stat: user and system time in hundredths of a second, of all threads. */
const busyMillis = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return 10 * (Number(fields[11]) + Number(fields[12]));
};

const mebibytes = (rollup: string, name: string): number =>
  Math.round(Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(rollup)?.[1]) / 102.4) / 10;

/** The files that an installer puts on the box. */
function writeBox(directory: string, config: SiteConfig): string {
  const at = (name: string): string => join(directory, name);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const payload = Buffer.from(JSON.stringify(config));
  const signature = sign(null, payload, privateKey).toString('base64');
  mkdirSync(at('state'));
  writeFileSync(at('site.json'), JSON.stringify({ keyId: 'bench', payload: payload.toString('base64'), signature }));
  writeFileSync(at('operator.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(at('secret'), 'bench');
  const box = {
    ...{ stateDirectory: at('state'), siteConfig: at('site.json'), operatorKey: at('operator.pub') },
    uplinkSecret: at('secret'),
    interfaces: { voice: 'voice0', data: 'data0', links: { main: 'wan1', second: 'wan2' } },
  };
  writeFileSync(at('box.json'), JSON.stringify(box));
  return at('box.json');
}

process.exitCode = await main(process.argv.slice(2));
