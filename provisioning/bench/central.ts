import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ReceiptSchema } from '../../agent/model/messages.ts';
import { createCentralCore } from '../central/central-core.ts';
import { openStore } from '../central/store/open-store.ts';
import type { Row, World } from '../central/words.ts';
import type { BenchBox } from './central-box.ts';
import { fail, freshPlace, leave } from './central-place.ts';
import { measureStart } from './central-start.ts';
import { accountName, benchConfigs, benchWorld, busyBox, ENTRY } from './central-world.ts';

/**
 * Records a second through the central, with one to four instances, beside the floor of the same rows inserted and
 * committed without being read or rated; then the start with many records held.
 *
 *   npm run build && [DATABASE_URL=…] node dist/provisioning/bench/central.js [--records 24000] [--held 600000 [--keep]]
 *
 * Without DATABASE_URL it measures SQLite. A database must be empty; its tables are dropped between the runs.
 */
const options = {
  records: { type: 'string', default: '24000' },
  held: { type: 'string', default: '600000' },
  keep: { type: 'boolean', default: false },
} as const;
const { values } = parseArgs({ options });
const url = process.env.DATABASE_URL ?? '';
const ACCOUNTS = 12;
/** Records in one message: alone as they come, and a backlog. */
const ENVELOPES = [1, 100] as const;
/** What a box has on the road without a receipt, in messages. */
const WINDOW = 4;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const accountOf = (): undefined => undefined;

/** The rows of each message, as deciding in memory makes them. */
function rowsOf(box: BenchBox, account: string, envelope: number, world: World): readonly (readonly Row[])[] {
  const core = createCentralCore(world);
  core.change(account, ENTRY, 1);
  core.receive({ ...box.wish(), now: 1 });
  const kinds = ['record', 'charge'] as const;
  let kept = [0, 0];
  const batches: Row[][] = [];
  for (let from = 1; from <= box.bodies.length; from += envelope) {
    core.receive({ ...box.records(from, envelope), now: 1 });
    const rows = kinds.map((kind) => core.rows(kind));
    batches.push(rows.flatMap((all, index) => all.slice(kept[index])));
    kept = rows.map((all) => all.length);
  }
  return batches;
}

/** Insert and commit of the same rows, as many accounts side by side as the store allows. */
async function floor(boxes: readonly BenchBox[], envelope: number, world: World): Promise<number> {
  const place = await freshPlace(url);
  const store = await openStore(place, { accountOf, lost: fail });
  const work = boxes.map((box, index) => ({
    account: accountName(index),
    batches: rowsOf(box, accountName(index), envelope, world),
  }));
  const began = performance.now();
  const lane = async (): Promise<void> => {
    for (let next = work.pop(); next !== undefined; next = work.pop()) {
      const { account, batches } = next;
      for (const rows of batches) await store.hold(account, (held) => held.keep(rows));
    }
  };
  await Promise.all(Array.from({ length: store.lanes }, lane));
  const seconds = (performance.now() - began) / 1_000;
  await store.close();
  leave(place);
  return boxes.reduce((sum, { bodies }) => sum + bodies.length, 0) / seconds;
}

/** The parent is the broker: it deals each message to the next instance, as a shared subscription does. */
async function through(boxes: readonly BenchBox[], envelope: number, instances: number) {
  const place = await freshPlace(url);
  const script = fileURLToPath(new URL('./central-worker.js', import.meta.url));
  const order = JSON.stringify({ place, accounts: ACCOUNTS });
  const workers: ChildProcess[] = [];
  for (let count = 0; count < instances; count += 1) {
    const worker = fork(script, [order]);
    await once(worker, 'message');
    workers.push(worker);
  }
  await lend(boxes, workers[0]);
  const began = performance.now();
  await deal(boxes, envelope, workers);
  const seconds = (performance.now() - began) / 1_000;
  const refused = await Promise.all(workers.map(stopped));
  leave(place);
  const records = boxes.reduce((sum, { bodies }) => sum + bodies.length, 0);
  return { perSecond: records / seconds, refused: refused.reduce((sum, count) => sum + count, 0) };
}

/** Every box has its lease before it sends. */
async function lend(boxes: readonly BenchBox[], worker: ChildProcess | undefined): Promise<void> {
  let lent = 0;
  await new Promise<void>((done) => {
    worker?.on('message', ({ topic }: { topic?: string }) => {
      if (topic?.endsWith('/lease-grant') !== true) return;
      lent += 1;
      if (lent === boxes.length) done();
    });
    for (const box of boxes) worker?.send(box.wish());
  });
}

async function deal(boxes: readonly BenchBox[], envelope: number, workers: readonly ChildProcess[]): Promise<void> {
  const road = new Map(boxes.map((box) => [box.device, { box, sent: 0, received: 0 }]));
  let turn = 0;
  let open = boxes.length;
  await new Promise<void>((done) => {
    const pump = (device: string): void => {
      const on = road.get(device);
      if (on === undefined) return;
      while (on.sent < on.box.bodies.length && on.sent - on.received < WINDOW * envelope) {
        workers[turn % workers.length]?.send(on.box.records(on.sent + 1, envelope));
        turn += 1;
        on.sent = Math.min(on.sent + envelope, on.box.bodies.length);
      }
    };
    const hear = (message: { topic?: string; payload?: string }): void => {
      if (message.topic?.endsWith('/receipt') !== true) return;
      const { device, upTo } = ReceiptSchema.parse(JSON.parse(message.payload ?? ''));
      const on = road.get(device);
      if (on === undefined || upTo <= on.received) return;
      on.received = upTo;
      if (upTo === on.box.bodies.length) open -= 1;
      if (open === 0) {
        clearInterval(again);
        return done();
      }
      pump(device);
    };
    // What was refused for a gap is sent again, as a box does that has had no receipt for 15 s.
    const again = setInterval(() => {
      for (const [device, on] of road) {
        on.sent = on.received;
        pump(device);
      }
    }, 15_000);
    for (const worker of workers) worker.on('message', hear);
    for (const device of road.keys()) pump(device);
  });
}

async function stopped(worker: ChildProcess): Promise<number> {
  return new Promise((done) => {
    worker.on('message', (message: { refused?: number }) => message.refused !== undefined && done(message.refused));
    worker.send('stop');
  });
}

async function main(): Promise<void> {
  const configs = benchConfigs(ACCOUNTS);
  const world = benchWorld(configs);
  const counts = url === '' ? [1] : [1, 2, 4];
  for (const envelope of ENVELOPES) {
    // One flush a record is slow on any medium: fewer of them say as much.
    const records = Math.ceil(Number(values.records) / (envelope === 1 ? 10 : 1) / ACCOUNTS);
    const boxes = configs.map((config) => busyBox(config, world, records));
    const least = await floor(boxes, envelope, world);
    say(`${envelope} records a message: floor ${least.toFixed(0)} records/s`);
    for (const instances of counts) {
      const { perSecond, refused } = await through(boxes, envelope, instances);
      const share = ((100 * perSecond) / least).toFixed(0);
      say(
        `  ${instances} instance(s): ${perSecond.toFixed(0)} records/s, ${share} % of the floor, ${refused} refused for a gap`,
      );
    }
  }
  if (Number(values.held) > 0) for (const line of await measureStart(url, Number(values.held), values.keep)) say(line);
}

await main();
