import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readReport } from '../../provisioning/central/report.ts';
import { registryPaths } from '../../provisioning/registry/paths.ts';
import { relais } from '../demo/relais.ts';
import type { StoreSeat } from '../soak/central-store.ts';
import { freeTcpPort } from '../soak/free-port.ts';
import { createVictim, type Victim } from '../soak/victim.ts';
import { type Enrolled, enrollFleet } from './enroll.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { since, timed as timedPhase, until } from './phase.ts';
import { probeBroker } from './probe-broker.ts';
import { costOf } from './process-cost.ts';

export type FleetPlan = {
  readonly directory: string;
  readonly seat: StoreSeat;
  readonly devices: number;
  /** Time over which the first connections are spread. */
  readonly connectMs: number;
  /** Calls of each device in its day, and the milliseconds that the day takes. */
  readonly calls: number;
  readonly dayMs: number;
  /** Calls of each device while its broker is away. */
  readonly offlineCalls: number;
  readonly seed: number;
  /** The central plays; without it only the broker is measured. */
  readonly whole: boolean;
  readonly hear: (phase: string, found: object) => void;
};

type Stage = { readonly plan: FleetPlan; readonly fleet: Fleet; readonly broker: Victim; readonly central: Victim };

const HOST = '127.0.0.1';

/** One cell: a real Mosquitto and a real central under as many simulated devices; says what each phase took and cost. */
export async function measureFleet(plan: FleetPlan): Promise<{ readonly equal: boolean }> {
  const port = await freeTcpPort();
  const registry = join(plan.directory, 'registry');
  const enrolled = enroll(plan, registry, port);
  const [witness, ...rest] = enrolled;
  if (witness === undefined) throw new Error('a fleet has devices');
  const broker = createVictim({
    name: 'broker',
    command: ['mosquitto', '-c', registryPaths(registry).broker.configuration],
    ready: 'running',
  });
  const central = createVictim({
    name: 'central',
    command: relais('central', '--directory', registry, '--broker', `${HOST}:${port}`, '--state', plan.seat.state),
    environment: plan.seat.environment,
    ready: 'broker connected',
  });
  const fleet = createFleet({ enrolled: rest, host: HOST, port, seed: plan.seed });
  const stage = { plan, fleet, broker, central };
  try {
    await timed(stage, 'broker starts', started(broker));
    if (plan.whole) await timed(stage, 'central starts', started(central));
    await connectAll(stage);
    if (plan.whole) await workDay(stage);
    await reload(stage, { ...witness, host: HOST, port });
    await restartBroker(stage);
    return plan.whole ? await compare(stage) : { equal: true };
  } finally {
    fleet.close();
    await central.end();
    await broker.end();
  }
}

const started = (victim: Victim) => async (): Promise<undefined> => {
  await victim.start();
};

function enroll({ devices, directory, hear }: FleetPlan, registry: string, port: number): readonly Enrolled[] {
  const began = performance.now();
  // One more, whose credentials serve to look at the broker.
  const enrolled = enrollFleet({ registry, devices: devices + 1, host: HOST, port });
  const { broker } = registryPaths(join(directory, 'registry'));
  hear('enrollment', {
    seconds: since(began),
    cpuSeconds: costOf(process.pid).cpuSeconds,
    perSecond: Math.round(devices / since(began)),
    passwordBytes: statSync(broker.passwords).size,
    ruleBytes: statSync(broker.accessList).size,
  });
  return enrolled;
}

async function connectAll(stage: Stage): Promise<void> {
  const { fleet, plan } = stage;
  await timed(stage, 'connect', async () => {
    const began = performance.now();
    await fleet.connect(plan.connectMs);
    await until('all are there', () => present(stage) === fleet.devices.length);
    return { connectsPerSecond: Math.round(fleet.devices.length / since(began)) };
  });
}

/** Greeted by the central if it plays, else by the broker. */
const present = ({ fleet, plan }: Stage): number => (plan.whole ? fleet.welcomed() : fleet.connected());

async function workDay(stage: Stage): Promise<void> {
  const { fleet, plan } = stage;
  await timed(stage, 'first leases and records', async () => {
    await until('all have a lease', () => fleet.meter.of('leases') >= fleet.devices.length);
    return drained(stage, fleet.received(), performance.now());
  });
  await timed(stage, 'a day of calls', async () => {
    const began = performance.now();
    const before = fleet.received();
    const latestMs = await fleet.day(plan.calls, plan.dayMs);
    return { latestMs, ...(await drained(stage, before, began)) };
  });
  await countersign(stage);
}

/** Until every record has its receipt. */
async function drained({ fleet }: Stage, before: number, began: number): Promise<object> {
  await until('every record has its receipt', () => fleet.received() === fleet.records());
  const seconds = since(began);
  const records = fleet.received() - before;
  return { records, recordsPerSecond: Math.round(records / seconds), receiptMs: fleet.meter.quantiles('receipt') };
}

async function countersign(stage: Stage): Promise<void> {
  const { fleet } = stage;
  await timed(stage, 'checkpoints', async () => {
    const began = performance.now();
    for (const device of fleet.devices) device.checkpoint();
    await until('all are countersigned', () => fleet.devices.every((device) => !device.asking()));
    return { perSecond: Math.round(fleet.devices.length / since(began)), ms: fleet.meter.quantiles('countersigned') };
  });
}

/** SIGHUP while nobody does anything: how long is the broker deaf? */
async function reload(
  stage: Stage,
  witness: Enrolled & { readonly host: string; readonly port: number },
): Promise<void> {
  const { broker, fleet } = stage;
  await timed(stage, 'reload of users and rules', async () => {
    const lost = fleet.meter.of('lost');
    const deafMs = await probeBroker(witness, () => void (broker.pid() && process.kill(broker.pid() ?? 0, 'SIGHUP')));
    return { ...deafMs, lost: fleet.meter.of('lost') - lost };
  });
}

/** The broker is killed, every device goes on calling, and the broker comes back. */
async function restartBroker(stage: Stage): Promise<void> {
  const { broker, fleet, plan } = stage;
  await broker.kill();
  if (plan.whole) await fleet.burst(plan.offlineCalls);
  const before = fleet.received();
  const waiting = fleet.records() - before;
  await timed(stage, 'broker comes back', async () => {
    const began = performance.now();
    await broker.start();
    const upAfter = since(began);
    await until('half are back', () => present(stage) >= fleet.devices.length / 2);
    const halfAfter = since(began);
    await until('99 of 100 are back', () => present(stage) >= fleet.devices.length * 0.99);
    const nearlyAllAfter = since(began);
    await until('all are back', () => present(stage) === fleet.devices.length);
    if (!plan.whole) return { upAfter, halfAfter, nearlyAllAfter, allAfter: since(began) };
    return {
      upAfter,
      halfAfter,
      nearlyAllAfter,
      allAfter: since(began),
      waiting,
      ...(await drained(stage, before, began)),
    };
  });
}

/** U-7, R-10: as many records and as many ticks as the devices themselves count. */
async function compare({ fleet, plan }: Stage): Promise<{ readonly equal: boolean }> {
  const report = await readReport(plan.seat.place);
  const records = report?.devices.reduce((sum, { received }) => sum + received, 0);
  const ticks = report?.devices.reduce((sum, device) => sum + device.ticks, 0);
  const equal = records === fleet.records() && ticks === fleet.ticks();
  const refused = fleet.meter.of('refused');
  plan.hear('books', {
    equal,
    records,
    ours: fleet.records(),
    ticks,
    ourTicks: fleet.ticks(),
    refused,
    resent: fleet.meter.of('resent'),
  });
  return { equal: equal && refused === 0 };
}

function timed({ broker, central, plan }: Stage, name: string, work: () => Promise<object | undefined>): Promise<void> {
  const processes = plan.whole ? { broker, central } : { broker };
  return timedPhase({ name, processes, hear: plan.hear }, work);
}
