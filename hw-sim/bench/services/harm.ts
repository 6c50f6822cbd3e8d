import { networkOf } from '../../../agent/model/ipv4-networks.ts';
import { judgeServices } from '../../../agent/model/judge-services.ts';
import { type ManagedServices, ManagedServicesSchema } from '../../../agent/model/managed-services.ts';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { type Millis, millis, seconds } from '../../../agent/model/units.ts';
import { createServicesDesk, type ServicesDesk } from '../../../agent/runtime/services-desk.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { rowsOfServices } from '../../../agent/usp/model/service-rows.ts';
import { createSimClock } from '../../site/sim-clock.ts';
import { createSimRandom, type SimRandom } from '../../site/sim-random.ts';
import { createSimServices, type SimServices } from '../../site/sim-services.ts';

export type Harmed = {
  readonly harm: string;
  /** From the order of the change to the path in force again; undefined: never, within 200 s. */
  readonly recoveredAfter: Millis | undefined;
  readonly endedWith: 'before' | 'wanted' | 'something else';
};

/** The site of these runs knows its broker by name and its gateways not at all: what harms passes every check. */
const surprise = (dice: SimRandom): { readonly broker: string; readonly gateways: readonly string[] } => ({
  broker: `10.${byte(dice)}.${byte(dice)}.${1 + Math.floor(dice.fraction() * 250)}`,
  gateways: [`100.64.${byte(dice)}.${1 + Math.floor(dice.fraction() * 250)}`, `172.20.${byte(dice)}.1`],
});
const byte = (dice: SimRandom): number => Math.floor(dice.fraction() * 256);

const HARMS = [
  'lan holds the broker',
  'lan holds a gateway',
  'address of the broker',
  'address of a gateway',
  'nobody confirms',
  'kernel refuses',
] as const;
type Harm = (typeof HARMS)[number];

const STEP = millis(500);
const LONGEST = seconds(200);
/** The broker sees a dead connection, and the box makes another, as in docs/road.md. */
const CONNECTS_AFTER = seconds(3);

/**
 * One harmful change of the managed services, in simulated time: a site as it was, a change that passes all checks and
 * cuts the path or is never confirmed, in half of the runs with a power cut at a random moment of the way.
 */
export function harmOnce(config: SiteConfig, seed: number): Harmed {
  const dice = createSimRandom(`harm/${seed}`);
  const harm = HARMS[seed % HARMS.length] ?? 'nobody confirms';
  const path = surprise(dice);
  const clock = createSimClock(millis(Date.UTC(2026, 10, 22)));
  const world = createSimServices(clock, path);
  const before: ManagedServices = ManagedServicesSchema.parse({ lan: { address: '192.168.20.1', prefix: 24 } });
  const site = {
    ...config,
    services: before,
    links: config.links.map(({ gateway: _, ...link }) => link),
    central: { ...config.central, host: 'broker.example' },
  };
  const life = createLife(site, world, clock, dice);
  clock.advance(seconds(10));
  const wanted = harmful(harm, path, dice);
  const problems = judgeServices(wanted, life.desk().around);
  if (problems.length > 0) throw new Error(`seed ${seed}: ${harm} was refused already: ${JSON.stringify(problems)}`);
  if (harm === 'kernel refuses') world.refuse(1 + Math.floor(dice.fraction() * 8));
  life.desk().want('self::support.second', { services: wanted, rows: rowsOfServices(wanted, life.desk().around) });
  const began = clock.mono();
  const cutAt = dice.fraction() < 0.5 ? began + Math.floor(dice.fraction() * seconds(110)) : undefined;
  let cut = false;
  let recoveredAfter: Millis | undefined;
  while (clock.mono() - began < LONGEST) {
    clock.advance(STEP);
    if (cutAt !== undefined && !cut && clock.mono() >= cutAt) {
      cut = true;
      life.powerCut();
    }
    const over = life.desk().sight().state === 'Committed' && world.pathStands() && life.connected();
    if (!over) recoveredAfter = undefined;
    else recoveredAfter ??= millis(clock.mono() - began);
  }
  const now = JSON.stringify(world.installed());
  const endedWith =
    now === JSON.stringify(before) ? 'before' : now === JSON.stringify(wanted) ? 'wanted' : 'something else';
  return { harm, recoveredAfter, endedWith };
}

function harmful(
  harm: Harm,
  { broker, gateways }: { readonly broker: string; readonly gateways: readonly string[] },
  dice: SimRandom,
): ManagedServices {
  const lan = { address: '192.168.20.1', prefix: 24 };
  const gateway = gateways[Math.floor(dice.fraction() * gateways.length)] ?? '';
  const around = (address: string) => {
    const prefix = 20 + Math.floor(dice.fraction() * 5);
    const network = networkOf(address, prefix).split('/')[0] ?? '';
    return { lan: { address: network.replace(/\d+$/, '254'), prefix } };
  };
  const given = (address: string) => ({ lan, publicAddresses: [{ link: 'main', address, host: '192.168.20.9' }] });
  const open = { lan, dmz: [{ address: '192.168.20.9' }] };
  const changes = {
    'lan holds the broker': () => around(broker),
    'lan holds a gateway': () => around(gateway),
    'address of the broker': () => given(broker),
    'address of a gateway': () => given(gateway),
    'nobody confirms': () => open,
    'kernel refuses': () => open,
  } as const;
  return ManagedServicesSchema.parse(changes[harm]());
}

type Clock = ReturnType<typeof createSimClock>;

/** The desk and the connection of a box, over its power cuts. */
function createLife(site: SiteConfig, world: SimServices, clock: Clock, dice: SimRandom) {
  let connected = false;
  let connecting = 0;
  let desk: ServicesDesk;
  const connect = (): void => {
    connected = false;
    connecting += 1;
    const mine = connecting;
    clock.after(CONNECTS_AFTER, () => {
      if (mine !== connecting) return;
      if (!world.pathStands()) return connect();
      connected = true;
      desk.reached();
    });
  };
  const boot = (): ServicesDesk =>
    createServicesDesk({
      config: site,
      ports: { clock, journal: { step: () => undefined, fault: () => undefined } },
      services: { plane: world.plane, journal: world.journal, ports: { relay: 5_070, probes: 8_620 } },
      turns: createTurns(),
      ledger: { append: () => undefined },
      renew: connect,
    });
  desk = boot();
  connect();
  return {
    desk: () => desk,
    connected: () => connected && world.pathStands(),
    powerCut() {
      desk.stop();
      world.powerCut(dice.fraction() < 0.5);
      desk = boot();
      connect();
    },
  };
}
