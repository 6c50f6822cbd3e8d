import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { type Millis, millis, TICKS_PER_MICRO_EURO } from '../../../agent/model/units.ts';
import { contractOf } from '../../../agent/rating/credit/contract.ts';
import { witnessOf } from '../../../provisioning/central/witness-key.ts';
import type { World } from '../../../provisioning/central/words.ts';
import { CENTRAL_KEY } from '../../day/whole-site.ts';
import { createSimBroker, HONEST_BROKER, type SimBroker } from '../../site/sim-broker.ts';
import { createSimClock, type SimClock } from '../../site/sim-clock.ts';
import { createSimRandom, type SimRandom } from '../../site/sim-random.ts';
import { type Box, type BoxSeams, createBox } from './box.ts';
import { sha256 } from './box-ports.ts';
import type { Plan } from './plan.ts';
import { type CentralSeams, createSimCentral, type SimCentral } from './sim-central.ts';

export const ACCOUNT = 'account';
const WITNESS = witnessOf(CENTRAL_KEY);
const MIDNIGHT = millis(Date.UTC(2026, 10, 22, 23));

export type Seams = { readonly box?: BoxSeams; readonly central?: CentralSeams };

/** Several boxes of one account, each on a broker session of its own, and their central. */
export type Fleet = {
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly boxes: readonly Box[];
  readonly brokers: readonly SimBroker[];
  readonly central: SimCentral;
  readonly seams: Seams;
  now(): Millis;
  send(messages: readonly { readonly topic: string; readonly payload: string }[]): void;
  /** Messages to the central are lost while it is down; what it decided is sent again to nobody. */
  setCentral(up: boolean): void;
};

export function createFleet(plan: Plan, base: SiteConfig, seams: Seams): Fleet {
  const random = createSimRandom(plan.seed);
  const clock = createSimClock(MIDNIGHT);
  const { configs, world } = sitesOf(plan, base);
  const central = createSimCentral(world, seams.central ?? {});
  const brokers = configs.map((_, at) => createSimBroker(clock, random.fork(`broker/${at}`), plan.broker));
  const boxes = configs.map((config, at) =>
    createBox({
      ...{ config, clock, random: random.fork(`box/${at}`), seams: seams.box ?? {} },
      broker: brokers[at] ?? createSimBroker(clock, random, HONEST_BROKER),
    }),
  );
  let up = true;
  const now = (): Millis => millis(Math.floor(MIDNIGHT + clock.mono()));
  const send: Fleet['send'] = (messages) => {
    for (const { topic, payload } of messages) {
      const at = configs.findIndex(({ device }) => topic.split('/')[3] === device.id);
      brokers[at]?.sendDown(topic, payload);
    }
  };
  for (const broker of brokers)
    broker.onUp((topic, payload) => {
      if (!up) return;
      if (topic.endsWith('/checkpoint')) return send(disown(topic, payload));
      send(central.receive(topic, payload, now()));
    });
  central.change(ACCOUNT, { capMicroEuro: plan.capMicroEuro, cycle: 1 }, now());
  return {
    ...{ clock, random, boxes, brokers, central, seams, now, send },
    setCentral(is) {
      up = is;
    },
  };
}

/** Evidence is no part of these schedules: nothing is countersigned, and nothing is asked twice. */
function disown(topic: string, payload: string) {
  const { device, epoch, size } = JSON.parse(payload);
  const answer = { device, epoch, size, key: 'none', note: null };
  return [{ topic: topic.replace('/up/checkpoint', '/down/countersigned'), payload: JSON.stringify(answer) }];
}

type Sites = { readonly configs: readonly SiteConfig[]; readonly world: World };

/** The tables of a contract are indexed once for all schedules. */
const made = new Map<string, Sites>();

function sitesOf(plan: Plan, base: SiteConfig): Sites {
  const key = `${plan.sites}/${plan.bundleSeconds}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const configs = Array.from({ length: plan.sites }, (_, at) => siteOf(base, plan, at));
  const sites = { configs, world: worldOf(configs) };
  made.set(key, sites);
  return sites;
}

/** What a site may hold, in micro-euro: one that spends, and one that does not. */
export const HELD = { full: 300_000, idle: 80_000 };

/** The contract of the example with small leases, so that minutes are enough to spend them. */
function siteOf(base: SiteConfig, plan: Plan, at: number): SiteConfig {
  const lease = {
    ...base.regime.lease,
    ...{ microEuro: HELD.full, bundleSeconds: 30, idleMicroEuro: HELD.idle, idleBundleSeconds: 10 },
    ...{ autonomyHours: 1, idleMinutes: 2, idlePercent: 10, validHours: 24, expired: 'bundle-only' as const },
  };
  const plans = base.tariff.plans.map((one) =>
    one.voice.is === 'bundle' ? { ...one, voice: { ...one.voice, seconds: plan.bundleSeconds } } : one,
  );
  const [line] = base.lines;
  if (line === undefined) throw new Error('the example site has a line');
  return {
    ...base,
    account: { id: ACCOUNT },
    device: { ...base.device, id: `relais-000${at + 1}` },
    failover: { ...base.failover, enabled: false },
    links: base.links.filter(({ role }) => role === 'main'),
    lines: [{ ...line, number: `+3317289010${at + 1}` }],
    reservationSeconds: 15,
    regime: { ...base.regime, lease },
    tariff: { ...base.tariff, plans },
  };
}

const worldOf = (configs: readonly SiteConfig[]): World => ({
  book: new Map(
    configs.map((config) => [
      config.device.id,
      {
        tenant: config.tenant,
        device: config.device.id,
        account: ACCOUNT,
        contracts: new Map([[config.version, contractOf(config)]]),
      },
    ]),
  ),
  sha256hex: sha256,
  witness: WITNESS,
});

export const ticksOf = (microEuro: number): number => microEuro * TICKS_PER_MICRO_EURO;
