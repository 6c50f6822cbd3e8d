import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { BoxReport } from '../demo/books.ts';
import { relais } from '../demo/relais.ts';
import type { Check } from '../demo/verdict.ts';
import { run } from '../kernel/namespaces.ts';
import { seededFractions } from '../kernel/seeded-random.ts';
import { type Cast, type CastOptions, type Closing, openCast, victimsOf } from './cast.ts';
import { keptRecords } from './central-store.ts';
import { type BoxBooks, type Evidence, judge } from './judge.ts';
import { type Blow, startKiller } from './killer.ts';
import { HOST, type MadeCall, openOperator, type Phone, startPhone } from './office.ts';
import type { Sites, SoakBox } from './sites.ts';
import type { Victim } from './victim.ts';

type SoakOptions = CastOptions & {
  readonly seconds: number;
  readonly seed: number;
  /** Mean time between two blows, in ms. */
  readonly every: number;
  readonly hear?: (news: Blow | { readonly said: string }) => void;
};

type SoakVerdict = {
  readonly holds: boolean;
  readonly blows: Readonly<Record<string, number>>;
  /** How often each ended by itself, as a central may do when its store fails; the supervisor started it again. */
  readonly falls: Readonly<Record<string, number>>;
  readonly calls: number;
  readonly records: number;
  readonly drainedInMs: number;
  readonly checks: readonly Check[];
};

const WARM_UP_MS = 60_000;
const WARM_UP_LOOK_MS = 1_000;
const DRAIN_MS = 180_000;
const LOOK_MS = 4_000;

/** Kills each of agent, broker, central and database at random while phones talk, then holds all sums against each other. */
export async function soak(options: SoakOptions): Promise<SoakVerdict> {
  const directory = mkdtempSync(join(tmpdir(), 'relais-soak-'));
  const dice = seededFractions(options.seed);
  const closing: Closing[] = [() => rmSync(directory, { recursive: true, force: true })];
  try {
    const operator = await openOperator();
    closing.push(operator.close);
    const cast = await openCast(options, { directory, serverPort: operator.port, closing });
    const phones = await startPhones(cast.sites, operator.port, dice);
    for (const phone of phones) closing.push(phone.close);
    await everybodyLent(cast);
    const blows = await strike(cast, options, dice);
    const calls = (await Promise.all(phones.map((phone) => phone.stop()))).flat();
    const began = performance.now();
    const evidence = await drained(cast, calls, options);
    const checks = judge(evidence);
    return {
      holds: checks.every((check) => check.holds),
      blows,
      falls: Object.fromEntries(victimsOf(cast).map((victim) => [victim.name, victim.falls()])),
      calls: calls.length,
      records: evidence.kept.length,
      drainedInMs: Math.round(performance.now() - began),
      checks,
    };
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/** Nobody strikes before every box has its first lease, so that there is something to lose. */
async function everybodyLent(cast: Cast): Promise<void> {
  const giveUp = performance.now() + WARM_UP_MS;
  for (;;) {
    const { devices } = await centralReport(cast);
    const lent = devices.filter(({ grantedTicks }) => grantedTicks > 0).length;
    if (lent === cast.sites.boxes.length) return;
    if (performance.now() > giveUp) throw new Error(`only ${lent} boxes were lent anything in ${WARM_UP_MS} ms`);
    await pause(WARM_UP_LOOK_MS);
  }
}

/** Answers how often each was struck, once all of them are up again. */
async function strike(
  cast: Cast,
  { every, seconds, hear }: SoakOptions,
  dice: () => number,
): Promise<Readonly<Record<string, number>>> {
  const blows: Record<string, number> = {};
  const killer = startKiller({
    victims: victimsOf(cast),
    dice,
    every,
    hear: (blow) => {
      blows[blow.victim] = (blows[blow.victim] ?? 0) + 1;
      hear?.(blow);
    },
  });
  await pause(seconds * 1_000);
  await killer.stop();
  return blows;
}

const startPhones = (sites: Sites, serverPort: number, dice: () => number): Promise<readonly Phone[]> =>
  Promise.all(
    sites.boxes.flatMap(({ device, numbers, relayPort }) =>
      numbers.map((number) =>
        startPhone({
          box: device,
          number,
          relay: { address: HOST, port: relayPort },
          server: { address: HOST, port: serverPort },
          dice: seededFractions(Math.floor(dice() * 2 ** 32)),
        }),
      ),
    ),
  );

/** Starts nothing new, lets everything arrive, and looks from outside; boxes that are not through yet go on. */
async function drained(cast: Cast, calls: readonly MadeCall[], { hear }: SoakOptions): Promise<Evidence> {
  const giveUp = performance.now() + DRAIN_MS;
  for (;;) {
    await quiet(cast, giveUp);
    await Promise.all(cast.agents.map((agent) => agent.end()));
    const boxes = await Promise.all(cast.sites.boxes.map((box, index) => booksOf(box, cast.agents[index])));
    const [kept, central] = [await keptRecords(cast.seat), await centralReport(cast)];
    const settled =
      boxes.every(({ report }) => report.open === 0) &&
      kept.length === boxes.reduce((total, { bodies }) => total + bodies.length, 0);
    if (settled || performance.now() > giveUp) {
      return { sites: cast.sites, boxes, kept, central, calls, complaints: cast.complaints };
    }
    const open = boxes.map(({ box, report, bodies }) => `${box.device}: ${bodies.length} records, ${report.open} open`);
    hear?.({ said: `not settled: ${kept.length} records in the central; ${open.join('; ')}` });
    await Promise.all(cast.agents.map((agent) => agent.start()));
  }
}

/** Until the central has heard nothing new for a while. */
async function quiet(cast: Cast, giveUp: number): Promise<void> {
  let before = -1;
  while (performance.now() < giveUp) {
    await pause(LOOK_MS);
    const { devices } = await centralReport(cast);
    const received = devices.reduce((total, device) => total + device.received, 0);
    if (received === before) return;
    before = received;
  }
}

async function centralReport({ seat }: Cast): Promise<Evidence['central']> {
  const words = relais('central', 'report', '--state', seat.state, '--json');
  const environment = Object.entries(seat.environment).map(([name, value]) => `${name}=${value}`);
  return JSON.parse(await run(['env', ...environment, ...words]));
}

async function booksOf(box: SoakBox, agent: Victim | undefined): Promise<BoxBooks> {
  const list = await run(relais('ledger', 'list', '--config', box.file));
  const report: BoxReport = JSON.parse(await run(relais('ledger', 'report', '--config', box.file)));
  return { box, bodies: list.trimEnd().split('\n'), report, outages: agent?.outages() ?? [] };
}
