import { type Millis, millis, seconds } from '../../agent/model/units.ts';
import type { CheckpointStore } from '../../agent/ports/checkpoint-store.ts';
import type { Cancel, Clock } from '../../agent/ports/clock.ts';
import type { Counters } from '../../agent/ports/counters.ts';
import type { Devices } from '../../agent/ports/devices.ts';
import type { Journal } from '../../agent/ports/journal.ts';
import type { LineModem } from '../../agent/ports/line-modem.ts';
import type { Media } from '../../agent/ports/media.ts';
import type { Network } from '../../agent/ports/network.ts';
import type { Probes } from '../../agent/ports/probes.ts';
import type { Random } from '../../agent/ports/random.ts';
import type { RecordStore } from '../../agent/ports/record-store.ts';
import type { Uplink } from '../../agent/ports/uplink.ts';
import type { VoiceWire } from '../../agent/ports/voice-wire.ts';
import { createLife, createLifeClock, type Life } from './life.ts';
import { type BrokerRules, createSimBroker, HONEST_BROKER, type SimBroker } from './sim-broker.ts';
import { createSimCheckpoints, type SimCheckpoints } from './sim-checkpoint-store.ts';
import { createSimClock, type SimClock } from './sim-clock.ts';
import { createSimCounters, type SimCounters } from './sim-counters.ts';
import { createSimDevices, type SimDevices } from './sim-devices.ts';
import { createSimJournal, type SimJournal } from './sim-journal.ts';
import { createSimLineModem, type SimLineModem } from './sim-line-modem.ts';
import { createSimLinks, type LinkRules, type SimLinks } from './sim-links.ts';
import { createSimMobile, type MobilePorts, type MobileRules, type SimMobile } from './sim-mobile.ts';
import { createSimNetwork, type SimNetwork } from './sim-network.ts';
import { createSimProbes } from './sim-probes.ts';
import { createSimRandom, type SimRandom } from './sim-random.ts';
import { type CommitLatency, createSimDisk, type SimDisk } from './sim-record-store.ts';
import { createSimUplink } from './sim-uplink.ts';
import { createSimVoice, type SimPhone, type SimSipServer, type SimVoice } from './sim-voice.ts';
import { UPLINK_RULES, type UplinkRules } from './uplink-rules.ts';
import { WITHOUT_FLOWS } from './without-flows.ts';

export type SiteOrder = {
  readonly seed: string;
  readonly links: readonly [LinkRules, ...LinkRules[]];
  readonly phones: readonly SimPhone[];
  readonly servers: readonly SimSipServer[];
  /** Wall clock at the beginning, Unix ms. */
  readonly wall: Millis;
  readonly broker?: BrokerRules;
  readonly uplink?: UplinkRules;
  readonly commit?: CommitLatency;
  /** Takes the place of the journal that keeps a hash of canonical lines. */
  readonly journal?: SimJournal;
  /** The box has a modem with cards in it. */
  readonly mobile?: MobileRules;
};

/** All that the agent needs from the world, for one life. */
export type SimPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly recordStore: RecordStore;
  readonly checkpoints: CheckpointStore;
  readonly uplink: Uplink;
  readonly counters: Counters;
  readonly network: Network;
  readonly probes: Probes;
  readonly voiceWire: VoiceWire;
  readonly media: Media;
  readonly devices: Devices;
  readonly journal: Journal;
  readonly lineModem: LineModem;
  readonly mobile: MobilePorts | undefined;
};

export type SimLife = { readonly number: number; readonly boot: string; readonly ports: SimPorts };

type World = {
  readonly clock: SimClock;
  readonly random: SimRandom;
  readonly links: SimLinks;
  readonly network: SimNetwork;
  readonly disk: SimDisk;
  readonly checkpoints: SimCheckpoints;
  readonly broker: SimBroker;
  readonly voice: SimVoice;
  readonly devices: SimDevices;
  readonly counters: SimCounters;
  readonly journal: SimJournal;
  readonly lineModem: SimLineModem;
  readonly mobile: SimMobile | undefined;
};

/**
 * A whole site in simulated time: the same seed and the same agent make the same day, to the byte. The supervisor sends
 * SIP straight on one second after the agent's death; what the agent asked for before is never told to it.
 */
export type SimSite = Omit<World, 'random'> & {
  /** Begins a life on what survived of the one before; the box is switched on if it has no power. */
  start(): SimLife;
  /** The process dies between two instructions. */
  kill(): void;
  restart(): SimLife;
  /** The whole box goes dark; boot and monotonic clock begin anew with the next life. */
  powerCut(): void;
};

type Box = {
  readonly world: World;
  readonly uplinkRules: UplinkRules;
  life: Life | undefined;
  lives: number;
  boots: number;
  bootedAt: Millis;
  failOpen: Cancel;
};

const FAIL_OPEN_AFTER = seconds(1);
const EMMC: CommitLatency = { least: millis(3), most: millis(25) };
const LINES_KEPT = 200;

export function createSimSite(order: SiteOrder): SimSite {
  const world = createWorld(order);
  const now = world.clock.mono();
  const { uplink: uplinkRules = UPLINK_RULES } = order;
  const box: Box = { world, uplinkRules, life: undefined, lives: 0, boots: 1, bootedAt: now, failOpen: () => {} };
  const { random: _, ...parts } = world;
  return {
    ...parts,
    start: () => start(box),
    kill: () => kill(box),
    restart: () => {
      kill(box);
      return start(box);
    },
    powerCut: () => powerCut(box),
  };
}

function createWorld(order: SiteOrder): World {
  const random = createSimRandom(order.seed);
  const clock = createSimClock(order.wall);
  const links = createSimLinks(clock, random.fork('links'), order.links);
  const [first, ...others] = order.links;
  const network = createSimNetwork(clock, [first.name, ...others.map(({ name }) => name)]);
  const { phones, servers } = order;
  return {
    clock,
    random,
    links,
    network,
    disk: createSimDisk(clock, random.fork('disk'), order.commit ?? EMMC),
    checkpoints: createSimCheckpoints(clock, random.fork('checkpoints'), order.commit ?? EMMC),
    broker: createSimBroker(clock, random.fork('broker'), order.broker ?? HONEST_BROKER),
    voice: createSimVoice({ clock, random: random.fork('voice'), links, network, phones, servers }),
    devices: createSimDevices(clock, random.fork('devices')),
    counters: createSimCounters(clock, links.names(), network),
    journal: order.journal ?? createSimJournal(LINES_KEPT),
    lineModem: createSimLineModem(clock),
    mobile: order.mobile && createSimMobile(clock, order.mobile),
  };
}

function start(box: Box): SimLife {
  if (box.life?.alive()) throw new Error('the agent is alive');
  const { network, clock, random } = box.world;
  if (network.relay() === 'dark') {
    box.bootedAt = clock.mono();
    network.powerBack();
  }
  // The supervisor opens the way before it starts a new agent, if it has not done so yet.
  box.failOpen();
  network.failOpen();
  box.lives += 1;
  const life = createLife(box.lives, random.fork(`boot/${box.boots}`).hex(16));
  box.life = life;
  return { number: life.number, boot: life.boot, ports: portsOf(box, life) };
}

function portsOf({ world, uplinkRules, bootedAt }: Box, life: Life): SimPorts {
  const { clock, links, network, broker } = world;
  return {
    clock: createLifeClock(clock, life, bootedAt),
    random: world.random.fork(`life/${life.number}`),
    recordStore: world.disk.open(life),
    checkpoints: world.checkpoints.open(life),
    uplink: createSimUplink({ clock, links, network, broker, rules: uplinkRules }, life),
    counters: world.counters.port(life),
    network: network.port(life),
    probes: createSimProbes(life, links, world.mobile?.passes),
    voiceWire: world.voice.port(life),
    media: {
      heard: (done) => life.hears(done)(world.network.relay() === 'dark' ? new Set() : world.voice.talkers()),
      ...WITHOUT_FLOWS,
    },
    devices: world.devices.port(life),
    journal: world.journal.port(life),
    lineModem: world.lineModem.port(life),
    mobile: world.mobile?.port(life),
  };
}

function kill(box: Box): void {
  if (!box.life?.alive()) return;
  box.life.end();
  box.world.disk.crash();
  box.world.checkpoints.crash();
  box.failOpen = box.world.clock.after(FAIL_OPEN_AFTER, box.world.network.failOpen);
}

function powerCut(box: Box): void {
  kill(box);
  box.failOpen();
  if (box.world.network.relay() === 'dark') return;
  box.boots += 1;
  box.world.network.losePower();
  box.world.counters.losePower();
  box.world.mobile?.losePower();
}
