import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createIp } from '../../firmware-ts/net/ip.ts';
import { createNft } from '../../firmware-ts/net/nft.ts';
import { createTc } from '../../firmware-ts/net/tc.ts';
import { createCommands } from '../../firmware-ts/wires/node/commands.ts';
import { allowForwarding } from '../edge/allow-forwarding.ts';
import { createKernelNetwork } from '../edge/kernel-network.ts';
import { loadConfig } from '../edge/load-config.ts';
import { createLog } from '../edge/log-journal.ts';
import { replaceFileSync } from '../edge/replace-file-sync.ts';
import { createStampProbes } from '../edge/stamp-probes.ts';
import { systemClock } from '../edge/system-clock.ts';
import { type Failover, startFailover, stepFailover } from '../machines/failover.ts';
import { isFault } from '../model/fault.ts';
import { type BoxConfig, BoxConfigSchema, type SiteConfig, SiteConfigSchema } from '../model/site-config.ts';
import { millis, seconds } from '../model/units.ts';
import { planeOf } from '../plans/plane-of.ts';
import { steeringOn } from '../plans/steering.ts';
import { createProber } from '../runtime/prober.ts';
import { createTurns } from '../runtime/turns.ts';
import { createBeats } from './beats.ts';

const USAGE = `usage: relais safe --config BOX.json

Safe mode, as the supervisor begins it when the agent does not live: both links, voice first, the way of failover, and SIP
straight through the kernel, so that calls and emergency calls pass. Nothing is metered, recorded or sent.
`;

/** In the state directory: the configuration that the agent was last healthy with. */
const LAST_GOOD_FILE = 'last-good.json';
const DEFAULT_STATE = '/var/lib/relais';

type Site = { readonly box: BoxConfig; readonly site: SiteConfig };

export async function runSafeCommand(argv: readonly string[]): Promise<number> {
  const { config } = parseArgs({ args: [...argv], options: { config: { type: 'string' } }, strict: false }).values;
  if (typeof config !== 'string') {
    process.stderr.write(USAGE);
    return 64;
  }
  const found = configFor(config);
  if (found === undefined) {
    process.stderr.write('relais safe: neither the configuration nor the last good one can be read\n');
    return 78;
  }
  const stop = keepSite(found);
  await new Promise<void>((told) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => told());
    // The configuration is the agent's to read again.
    process.on('SIGHUP', () => undefined);
  });
  stop();
  return 0;
}

/** What is ordered now; where that cannot be read, what the agent was last healthy with. */
function configFor(config: string): Site | undefined {
  try {
    return loadConfig(config);
  } catch (error) {
    if (!isFault(error)) throw error;
    return lastGood(join(stateOf(config), LAST_GOOD_FILE));
  }
}

/** What safe mode goes back to when a later configuration cannot be read. */
export function keepLastGood({ box, site }: Site, failed: (error: string) => void): void {
  try {
    replaceFileSync(join(box.stateDirectory, LAST_GOOD_FILE), JSON.stringify({ box, site }));
  } catch (error) {
    failed(String(error));
  }
}

function stateOf(config: string): string {
  const state = (json(config) as { readonly stateDirectory?: unknown } | undefined)?.stateDirectory;
  return typeof state === 'string' ? state : DEFAULT_STATE;
}

function lastGood(file: string): Site | undefined {
  const kept = json(file) as { readonly box?: unknown; readonly site?: unknown } | undefined;
  const box = BoxConfigSchema.safeParse(kept?.box);
  const site = SiteConfigSchema.safeParse(kept?.site);
  return box.success && site.success ? { box: box.data, site: site.data } : undefined;
}

function json(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const AGAIN = seconds(2);

/** Both links and the way between them, by the very machine and plan that the agent has; nothing of it needs a ledger. */
function keepSite({ box, site }: Site): () => void {
  const log = createLog(box.log);
  const clock = systemClock();
  const turns = createTurns();
  const commands = createCommands(seconds(5));
  const tools = {
    nft: createNft(commands, clock),
    ip: createIp(commands),
    tc: createTc(commands, clock),
    allowForwarding,
  };
  const plane = planeOf(site, box);
  const network = createKernelNetwork(plane, tools);
  const main = site.links.find(({ role }) => role === 'main')?.name ?? '';
  const second = site.failover.enabled ? site.links.find(({ role }) => role === 'second')?.name : undefined;
  const { lossesToLeave, holdOffMs, holdOffMaxMs, idleIntervalMs, patienceMs, reflector } = site.failover;
  const times = { lossesToLeave, holdOff: millis(holdOffMs), holdOffMax: millis(holdOffMaxMs) };
  const pace = { active: millis(idleIntervalMs), idle: millis(idleIntervalMs), patience: millis(patienceMs) };
  let failover: Failover = startFailover(clock.mono());
  const steering = () => steeringOn(site.links, failover.at === 'second' ? (second ?? main) : main);

  const install = (): void =>
    network.install(steering(), (error) => {
      if (error === undefined) return log.warn({ links: site.links.length }, 'safe mode: links and calls stand');
      log.error({ error: error.message }, 'safe mode: the links could not be put in place; tried again');
      clock.after(AGAIN, install);
    });
  const probes = createStampProbes(
    plane.links.map(({ name, number, probePort }) => ({ name, number, port: probePort })),
    { reflector, asker: { device: site.device.id, mac: undefined } },
    clock,
    (error) => log.warn({ error: error.message }, 'probes could not be sent'),
  );
  const prober = createProber({
    ...{ clock, turns, pace, probes },
    links: { main, second },
    busy: () => false,
    hear(news) {
      if (second === undefined) return;
      const [next, effects] = stepFailover(failover, news, times);
      failover = next;
      if (effects.length > 0) network.steer(steering(), (error) => error && clock.after(AGAIN, install));
    },
  });
  install();
  prober.start();
  createBeats().begin(() => undefined);
  return () => {
    prober.stop();
    probes.close();
    network.close();
  };
}
