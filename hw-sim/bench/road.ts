/**
 * The road's drain: 90 days of records of a box, through a real Mosquitto on the operator's own configuration, to the real
 * central on SQLite; beside the floor of the same payloads published by the library with a full window and no ledger.
 *
 *   npm run build && node dist/hw-sim/bench/road.js [--calls 9000]
 *
 * Five records a call. The central is a process of its own; the box runs in this one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';
import { canonical } from '../../agent/model/canonical.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { wireBytes } from '../../agent/model/wire-bytes.ts';
import { readReport } from '../../provisioning/central/report.ts';
import { issueOrder } from '../../provisioning/registry/issue-order.ts';
import { registryPaths } from '../../provisioning/registry/paths.ts';
import { initRegistry, readSecret } from '../../provisioning/registry/registry.ts';
import { backlogOf } from '../demo/backlog-records.ts';
import { relais, shippedFile } from '../demo/relais.ts';
import { freeTcpPort } from '../soak/free-port.ts';
import { openRoadBox, type RoadBox } from './road-box.ts';

const { calls } = parseArgs({ options: { calls: { type: 'string', default: '9000' } } }).values;
/** Kernel's USER_HZ. */
const TICKS_PER_SECOND = 100;
const FLOOR_WINDOW = 20;

async function main(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'relais-bench-road-'));
  try {
    const port = await freeTcpPort();
    const { config, registry } = provision(directory, port);
    const { epoch, bodies } = backlogOf(config.device.id, Number(calls));
    const bytes = bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0);
    say(`${bodies.length} records of ${(bytes / bodies.length).toFixed(0)} bytes`);
    const floor = await measureFloor(directory, envelopes(config, epoch, bodies));
    say(`floor    ${rate(bodies.length, floor.seconds)}, CPU of library and subscriber ${floor.own.toFixed(1)} s`);
    const road = await measureRoad({ directory, registry, port, config, epoch, bodies });
    say(`road     ${rate(bodies.length, road.seconds)}, ${(floor.seconds / road.seconds).toFixed(2)} of the floor`);
    const { use } = road;
    say(
      `wire     ${(use.bytes / bodies.length).toFixed(0)} bytes a record in TCP, ${(wireBytes(use) / bodies.length).toFixed(0)} with headers, ${(use.bytes / bytes).toFixed(2)} of the records`,
    );
    const shares = [
      ['box', road.box],
      ['broker', road.broker],
      ['central', road.central],
    ] as const;
    for (const [name, cpu] of shares)
      say(`CPU      ${name} ${cpu.toFixed(1)} s, ${((100 * cpu) / road.seconds).toFixed(0)} % of the time`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const rate = (records: number, seconds: number): string =>
  `${(records / seconds).toFixed(0)} records/s (${seconds.toFixed(1)} s)`;

function provision(directory: string, port: number): { readonly config: SiteConfig; readonly registry: string } {
  const registry = join(directory, 'registry');
  initRegistry(registry);
  const order: object = JSON.parse(readFileSync(shippedFile('provisioning/orders/example-site.json'), 'utf8'));
  const folder = (name: string): string => join(shippedFile('provisioning/orders/example-site.json'), '../..', name);
  const data = { regimes: folder('regimes'), tariffs: folder('decks'), numbering: folder('numbering') };
  const issued = issueOrder(registry, { ...order, central: { host: '127.0.0.1', port } }, data);
  if (!issued.issued) throw new Error('the example order was refused');
  return { config: issued.config, registry };
}

type Drain = {
  readonly directory: string;
  readonly registry: string;
  readonly port: number;
  readonly config: SiteConfig;
  readonly epoch: string;
  readonly bodies: readonly string[];
};

async function measureRoad({ directory, registry, port, config, epoch, bodies }: Drain) {
  const broker = await said(
    spawn('mosquitto', ['-c', registryPaths(registry).broker.configuration]),
    'stderr',
    'running',
  );
  const state = join(directory, 'central');
  const [command, ...words] = relais(
    'central',
    '--directory',
    registry,
    '--broker',
    `127.0.0.1:${port}`,
    '--state',
    state,
  );
  const central = await said(spawn(command, words), 'stdout', 'broker connected');
  const password = readSecret(registryPaths(registry).uplinkSecret(config.device.id));
  const before = { broker: cpuOf(broker), central: cpuOf(central) };
  const fault = (message: string, fields: unknown): void => say(`fault    ${message} ${JSON.stringify(fields)}`);
  // Records are put in place before the clock runs: the box opens a ledger that is full.
  const place = mkdtempSync(join(directory, 'box-'));
  const box = await openRoadBox({ config, place, password, epoch, bodies, fault });
  const own = process.cpuUsage();
  const began = performance.now();
  await drained(box, state, bodies.length);
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(own);
  const measured = {
    ...{ seconds, use: box.use(), box: (user + system) / 1_000_000 },
    ...{ broker: cpuOf(broker) - before.broker, central: cpuOf(central) - before.central },
  };
  await box.stop();
  for (const child of [central, broker]) await ended(child);
  return measured;
}

async function drained(box: RoadBox, state: string, records: number): Promise<void> {
  for (;;) {
    const held = (await readReport({ kind: 'sqlite', directory: state }))?.devices[0]?.received ?? 0;
    if (held >= records) return;
    box.tick();
    await pause(250);
  }
}

/** The payloads that the box would send, cut as it cuts them: by the records and the bytes of an envelope. */
function envelopes({ device }: SiteConfig, epoch: string, bodies: readonly string[]): readonly string[] {
  const made: string[] = [];
  for (let from = 0; from < bodies.length; ) {
    let upTo = from;
    for (let bytes = 0; upTo < bodies.length && upTo < from + 100; upTo += 1) {
      bytes += Buffer.byteLength(canonical(bodies[upTo])) + 1;
      if (bytes > 32_000) break;
    }
    made.push(canonical({ device: device.id, epoch, from: from + 1, bodies: bodies.slice(from, upTo) }));
    from = upTo;
  }
  return made;
}

async function measureFloor(directory: string, payloads: readonly string[]) {
  const port = await freeTcpPort();
  const file = join(directory, 'floor.conf');
  writeFileSync(
    file,
    `allow_anonymous true\nset_tcp_nodelay true\nmax_queued_messages 0\nlistener ${port} 127.0.0.1\n`,
  );
  const broker = await said(spawn('mosquitto', ['-c', file]), 'stderr', 'running');
  // The library writes into what it is given: a client each.
  const client = () => mqtt.connectAsync({ host: '127.0.0.1', port, protocolVersion: 5 });
  const [reader, writer] = [await client(), await client()];
  await reader.subscribeAsync('floor', { qos: 1 });
  let heard = 0;
  const all = new Promise<void>((done) => {
    reader.on('message', () => {
      heard += 1;
      if (heard === payloads.length) done();
    });
  });
  const own = process.cpuUsage();
  const began = performance.now();
  let next = 0;
  const pump = async (): Promise<void> => {
    for (let payload = payloads[next]; payload !== undefined; payload = payloads[next]) {
      next += 1;
      await writer.publishAsync('floor', payload, { qos: 1 });
    }
  };
  await Promise.all([...Array.from({ length: FLOOR_WINDOW }, pump), all]);
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(own);
  await Promise.all([reader.endAsync(), writer.endAsync()]);
  await ended(broker);
  return { seconds, own: (user + system) / 1_000_000 };
}

/** Answers once the program has said the word. */
function said(child: ChildProcess, where: 'stdout' | 'stderr', word: string): Promise<ChildProcess> {
  let heard = '';
  return new Promise((done, fail) => {
    child[where]?.on('data', (text: Buffer) => {
      heard = heard.includes(word) ? heard : heard + text.toString('utf8');
      if (heard.includes(word)) done(child);
    });
    child.once('exit', (code) => fail(new Error(`ended with ${code}: ${heard}`)));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  child.removeAllListeners('exit');
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await gone;
}

/** Fields 14 and 15 of /proc/PID/stat, after the name. */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

await main();
