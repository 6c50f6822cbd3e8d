import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Logger } from 'pino';
import { type LoadedConfig, loadConfig } from '../edge/load-config.ts';
import { createLog } from '../edge/log-journal.ts';
import { type Fault, isFault } from '../model/fault.ts';
import type { Charge } from '../rating/credit/charge.ts';
import { type Agent, startAgent } from '../runtime/agent.ts';
import { type Beats, createBeats } from './beats.ts';
import { closeBoxPorts, openBoxPorts } from './box-ports.ts';
import { keepLastGood } from './safe-command.ts';

export const AGENT_USAGE = `usage: relais agent --config BOX.json [--check]

Runs the agent of this box in the foreground; logs JSON lines to standard output.
  --config FILE  what is true of this box: state directory, interfaces, devices, where the signed site configuration lies
  --check        read and check the configuration, say what it orders, and stop

SIGHUP reads the configuration again: a wrong one is refused whole and the running one stays.
SIGTERM stops the agent; forwarding, voice steering and priority stay as they are, SIP goes straight.
`;

/** sysexits.h: EX_USAGE, EX_CONFIG, EX_TEMPFAIL, EX_SOFTWARE. */
const MISUSED = 64;
const CONFIG = 78;
const TRY_AGAIN = 75;
const BUG = 70;

/** `openPorts` joins the agent to its world: the kernel of a box, unless a simulator stands in for a part of it. */
export async function runAgentCommand(
  argv: readonly string[],
  openPorts: typeof openBoxPorts = openBoxPorts,
): Promise<number> {
  const { config, check, help } = parseArgs({
    args: [...argv],
    options: {
      config: { type: 'string' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values;
  if (help || config === undefined) {
    process.stderr.write(AGENT_USAGE);
    return help ? 0 : MISUSED;
  }
  try {
    const loaded = loadConfig(config);
    if (!check) return await runFor(config, loaded, openPorts);
    process.stdout.write(`${describe(loaded)}\n`);
    return 0;
  } catch (error) {
    if (!isFault(error)) throw error;
    process.stderr.write(`${explain(error)}\n`);
    return error.code.startsWith('config.') ? CONFIG : TRY_AGAIN;
  }
}

/** What nobody awaits (a ledger that does not continue its chain) still ends with its code in the log. */
function endOnBug(log: Logger): void {
  process.on('uncaughtException', (error) => {
    log.fatal(isFault(error) ? { code: error.code, ...error.context } : { stack: error.stack }, 'the agent ends');
    process.exit(isFault(error) ? TRY_AGAIN : BUG);
  });
}

/** Lives of the agent in this process: a new configuration begins a new one. */
async function runFor(file: string, first: LoadedConfig, openPorts: typeof openBoxPorts): Promise<number> {
  const log = createLog(first.box.log);
  endOnBug(log);
  const orders = hearOrders();
  const beats = createBeats();
  let loaded = first;
  try {
    for (;;) {
      const next = await live(file, loaded, { log, orders, beats, openPorts });
      if (next === undefined) return 0;
      loaded = next;
    }
  } finally {
    orders.close();
  }
}

type Order = 'reload' | 'stop';
type Orders = { listen(hear: ((order: Order) => void) | undefined): void; close(): void };

/** An order that comes between two lives waits for the next one: a signal that nobody hears would end the process. */
function hearOrders(): Orders {
  let waiting: Order | undefined;
  let hear: ((order: Order) => void) | undefined;
  const give = (order: Order) => (): void => {
    if (hear) hear(order);
    else if (waiting !== 'stop') waiting = order;
  };
  const signals = [
    ['SIGHUP', give('reload')],
    ['SIGTERM', give('stop')],
    ['SIGINT', give('stop')],
  ] as const;
  for (const [signal, order] of signals) process.on(signal, order);
  return {
    listen(next) {
      hear = next;
      if (waiting === undefined || next === undefined) return;
      const order = waiting;
      waiting = undefined;
      next(order);
    },
    close() {
      for (const [signal, order] of signals) process.off(signal, order);
    },
  };
}

type Around = {
  readonly log: Logger;
  readonly orders: Orders;
  readonly beats: Beats;
  readonly openPorts: typeof openBoxPorts;
};

/** Answers the configuration to go on with, or nothing when the agent was told to stop. */
async function live(file: string, loaded: LoadedConfig, around: Around): Promise<LoadedConfig | undefined> {
  const { box, site } = loaded;
  const { log, beats, openPorts } = around;
  mkdirSync(box.stateDirectory, { recursive: true, mode: 0o700 });
  const fatal = (fault: Fault): void => {
    log.fatal({ ...fault.context, cause: String(fault.cause) }, fault.code);
    process.exit(TRY_AGAIN);
  };
  const opened = await openPorts(loaded, log, fatal);
  const healthy = (): void => {
    beats.healthy();
    keepLastGood(loaded, (error) => log.warn({ error }, 'the configuration for safe mode could not be kept'));
  };
  const ports = { ...opened, boot: { ...opened.boot, healthy, rest: beats.rest } };
  const agent = await new Promise<Agent>((resolve) => {
    startAgent(site, ports, resolve, (charge) => log.info(priceOf(charge), 'charged'));
  });
  beats.begin(agent.wasAway);
  log.info(
    { device: site.device.id, configVersion: site.version, software: ports.boot.software, pid: process.pid },
    'agent started',
  );
  const next = await untilTold(file, loaded, around);
  const asleep = new Promise<void>((done) => agent.stop(done));
  await closeBoxPorts(ports, asleep);
  log.info({ device: site.device.id }, 'agent stopped');
  return next;
}

function untilTold(file: string, running: LoadedConfig, { log, orders }: Around): Promise<LoadedConfig | undefined> {
  return new Promise((resolve) => {
    orders.listen((order) => {
      const next = order === 'reload' ? readAgain(file, running, log) : undefined;
      if (order === 'reload' && next === undefined) return;
      orders.listen(undefined);
      resolve(next);
    });
  });
}

function readAgain(file: string, running: LoadedConfig, log: Logger): LoadedConfig | undefined {
  try {
    const next = loadConfig(file);
    const refused = unfit(running, next);
    if (refused === undefined) return next;
    log.error(
      { running: running.site.version, offered: next.site.version },
      `${refused} was refused; the running one stays`,
    );
  } catch (error) {
    if (!isFault(error)) throw error;
    log.error({ ...error.context, code: error.code }, 'the new configuration was refused; the running one stays');
  }
  return undefined;
}

/** The same device, going forward: its ledger and its leases are its own. */
function unfit({ site }: LoadedConfig, next: LoadedConfig): string | undefined {
  if (next.site.device.id !== site.device.id) return 'a configuration of another device';
  return next.site.version < site.version ? 'an older configuration' : undefined;
}

/** Numbers called are not for the log. */
const priceOf = ({ call, class: kind, bundleSeconds, paidSeconds, ticks, rule }: Charge): object => ({
  call,
  class: kind,
  bundleSeconds,
  paidSeconds,
  ticks,
  rule,
});

function describe({ site }: LoadedConfig): string {
  const links = site.links.map(
    (link) => `${link.name} (${link.role}, ${link.kind}, ${link.upKbps}/${link.downKbps} kbit/s)`,
  );
  return [
    `site       ${site.site.id}: ${site.site.label}, commune ${site.site.inseeCommune}`,
    `device     ${site.device.id}, configuration ${site.version}`,
    `regime     ${site.regime.id}@${site.regime.version}, tariff ${site.tariff.id}@${site.tariff.version} (${site.tariff.label})`,
    `links      ${links.join(', ')}; failover ${site.failover.enabled ? 'on' : 'off'}`,
    `voice      ${site.voice.channels} channels, ${site.voice.sipServers.map((server) => `${server.address}:${server.port}`).join(', ')}`,
    `central    ${site.central.host}:${site.central.port}`,
  ].join('\n');
}

/** What is wrong, where, and what to do about it. */
export const explain = (fault: Fault): string =>
  [fault.code, ...Object.entries(fault.context).map(([name, value]) => `  ${name}: ${String(value)}`)].join('\n');
