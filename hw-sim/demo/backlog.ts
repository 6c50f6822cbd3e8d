import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openSqliteStore } from '../../agent/edge/sqlite-store.ts';
import { runIn } from '../kernel/namespaces.ts';
import { callPhone, listen } from './acts/act.ts';
import { backlogOf } from './backlog-records.ts';
import { enterSandbox } from './enter-sandbox.ts';
import type { Heard } from './facts.ts';
import { cutBroker } from './outage.ts';
import { BROKER, type SiteFiles } from './site-files.ts';
import { openStage, type Stage } from './stage.ts';
import type { Check } from './verdict.ts';

const USAGE = `usage: relais site backlog [--calls 500] [--kbps 512]

A box comes back with days of records on a narrow line while somebody telephones: the records must go, and nobody may hear
it. Prints one JSON object; exit status 0 only if voice was as without them.
`;

const LISTEN_MS = 6_000;
/** What one full packet in front of a voice packet costs at most, twice: it may have just begun, and the line shapes once more. */
const packetsMs = (kbps: number): number => (2 * 1_500 * 8) / kbps;

export async function backlog(argv: readonly string[]): Promise<number> {
  const options = {
    calls: { type: 'string', default: '500' },
    kbps: { type: 'string', default: '512' },
    help: { type: 'boolean', default: false },
  } as const;
  const { calls, kbps, help } = parseArgs({ args: [...argv], options }).values;
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  return enterSandbox(['backlog', ...argv], () => story(Number(calls), Number(kbps)));
}

async function story(calls: number, kbps: number): Promise<number> {
  const order = { holdOffMs: 4_000, leaseMicroEuro: 2_000_000, leaseBundleSeconds: 600, mainUpKbps: kbps };
  const stage = await openStage(order, {
    supervised: true,
    async before(files) {
      await fillLedger(files, calls);
      await runIn('core', ['nft', '-f', '-'], WATCH);
      await cutBroker();
    },
  });
  try {
    const { quiet, loaded, marks, bulk, drained } = await drainBeside(stage);
    const checks = verdict({ kbps, quiet, loaded, marks, bulk, drained });
    const holds = checks.every((check) => check.holds);
    process.stdout.write(`${JSON.stringify({ holds, quiet, loaded, drained, bulk, checks })}\n`);
    return holds ? 0 : 1;
  } finally {
    await stage.close();
  }
}

/** A call on a quiet line; then the broker can be reached, and days of records go up beside it; then an upload as well. */
async function drainBeside(stage: Stage) {
  await stage.agentLog.until('the agent starts', (line) => line.msg === 'agent started', 30_000);
  await registered(stage);
  if (!(await callPhone({ stage }))) throw new Error('the call that came in was not answered');
  await pause(LISTEN_MS + 1_000);
  const quiet = (await listen({ stage }, LISTEN_MS)).atFarEnd;
  await stage.healBroker();
  const before = await untilDraining(stage);
  await pause(LISTEN_MS);
  const loaded = (await listen({ stage }, LISTEN_MS)).atFarEnd;
  const drained = (await received(stage)) - before;
  const bulk = (await stage.bulk('up', LISTEN_MS / 1_000)).kbps;
  return { quiet, loaded, drained, bulk, marks: await marks() };
}

type Seen = {
  readonly kbps: number;
  readonly quiet: Heard;
  readonly loaded: Heard;
  readonly drained: number;
  readonly bulk: number;
  readonly marks: { readonly lower: number; readonly other: number };
};

function verdict({ kbps, quiet, loaded, drained, bulk, marks: { lower, other } }: Seen): readonly Check[] {
  const more = loaded.delayMs - quiet.delayMs;
  const free = kbps * 0.97 - 80;
  return [
    { name: 'no voice is lost while records drain', holds: loaded.lossPercent < 0.5, found: `${loaded.lossPercent} %` },
    {
      name: 'voice waits no longer than for a packet that has begun',
      holds: more < packetsMs(kbps),
      found: `${more.toFixed(1)} ms more, ${packetsMs(kbps).toFixed(1)} allowed`,
    },
    { name: 'MOS within 0.15', holds: loaded.mos > quiet.mos - 0.15, found: `${quiet.mos} and ${loaded.mos}` },
    { name: 'records drain meanwhile', holds: drained >= 100, found: `${drained} records` },
    {
      name: 'an upload beside them gets what voice leaves',
      holds: bulk > free * 0.7,
      found: `${bulk} of ${free.toFixed(0)} kbit/s`,
    },
    {
      name: 'every packet to the broker is Lower Effort (RFC 8622)',
      holds: lower > 100 && other === 0,
      found: `${lower} are, ${other} are not`,
    },
  ];
}

async function fillLedger({ box, device }: SiteFiles, calls: number): Promise<void> {
  const { stateDirectory } = JSON.parse(readFileSync(box, 'utf8')) as { readonly stateDirectory: string };
  const file = join(stateDirectory, 'usage.db');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const store = await openSqliteStore(file, (fault) => {
    throw fault;
  });
  const { epoch, bodies } = backlogOf(device, calls);
  await new Promise<void>((done) => store.openEpoch(epoch, 'first', done));
  for (let from = 0; from < bodies.length; from += 500) {
    const rows = bodies.slice(from, from + 500).map((body, index) => ({ seq: from + index + 1, body }));
    await new Promise<unknown>((done) => store.append(rows, done));
  }
  await new Promise<void>((done) => store.close(done));
}

async function registered(stage: Stage): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    await stage.phone.ask({ do: 'register' });
    if (Object.keys(await stage.peer.ask({ do: 'bindings' })).some((key) => key.startsWith('+'))) return;
    await pause(200);
  }
  throw new Error('the phone could not register');
}

const received = async (stage: Stage): Promise<number> => {
  const report = (await stage.centralReport()) as { readonly devices?: readonly { readonly received: number }[] };
  return report.devices?.[0]?.received ?? 0;
};

/** The uplink waits up to half a minute between its attempts by now. */
async function untilDraining(stage: Stage): Promise<number> {
  for (let tries = 0; tries < 200; tries += 1) {
    const held = await received(stage);
    if (held > 0) return held;
    await pause(300);
  }
  throw new Error('no record came');
}

/** Counts what comes to the broker, by its mark. */
const WATCH = `table inet watch {
  counter lower { }
  counter other { }
  chain in { type filter hook input priority 0; policy accept;
    iifname { "acc1", "acc2" } tcp dport ${BROKER.port} ip dscp 0x01 counter name lower
    iifname { "acc1", "acc2" } tcp dport ${BROKER.port} ip dscp != 0x01 counter name other
  }
}
`;

async function marks(): Promise<Seen['marks']> {
  const listed = await runIn('core', ['nft', 'list', 'counters', 'table', 'inet', 'watch']);
  const of = (name: string): number => Number(new RegExp(`counter ${name} \\{\\s*packets (\\d+)`).exec(listed)?.[1]);
  return { lower: of('lower'), other: of('other') };
}
