import { createHash } from 'node:crypto';
import { simPortsOf } from '../../agent/commands/sim-ports.ts';
import { deviceKeyOf } from '../../agent/edge/device-key.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { millis } from '../../agent/model/units.ts';
import type { AgentPorts } from '../../agent/ports/agent-ports.ts';
import type { DayCount, DayCounts } from '../../agent/ports/day-counts.ts';
import type { JournalLine } from '../../agent/ports/journal.ts';
import { contractOf } from '../../agent/rating/credit/contract.ts';
import { type Agent, startAgent } from '../../agent/runtime/agent.ts';
import { createLineModem } from '../../firmware-ts/devices/line-modem.ts';
import { createModem } from '../../firmware-ts/devices/modem.ts';
import { type CentralCore, createCentralCore } from '../../provisioning/central/central-core.ts';
import { witnessOf } from '../../provisioning/central/witness-key.ts';
import { createSimJournal } from '../site/sim-journal.ts';
import { createSimStartPoint } from '../site/sim-start-point.ts';
import { createSimSite, type SimLife, type SimSite, type SiteOrder } from '../site/site.ts';

/** The real agent and the real central around a simulated site: nothing of ours is replaced, only the world is. */
export interface WholeSite {
  readonly site: SimSite;
  readonly central: CentralCore;
  /** Begins a life: the box is switched on, or its process started again. */
  start(): void;
  adopt(life: SimLife): void;
  /** Stops the agent as SIGTERM does; `asleep` is called when it would end. */
  sleep(asleep: () => void): void;
  /** Messages to the central are lost while it is stopped. */
  setCentral(running: boolean): void;
}

export type WholeSiteOrder = Omit<SiteOrder, 'links' | 'servers' | 'phones' | 'wall'> & {
  readonly config: SiteConfig;
  readonly capMicroEuro?: number;
  /** What the supervisor does when the agent wants to rest: its battery is empty. */
  readonly rest?: () => void;
};

const sha256hex = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** The same in every day, so that a seed makes the same bytes: RFC 8410 7, with 32 octets of seed. */
const pem = (seed: number): string =>
  `-----BEGIN PRIVATE KEY-----\n${Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]).toString('base64')}\n-----END PRIVATE KEY-----\n`;
export const DEVICE_KEY = pem(1);
export const CENTRAL_KEY = pem(2);

/** Monday 2026-11-23, midnight in Paris. */
const MIDNIGHT = millis(Date.UTC(2026, 10, 22, 23));

export function createWholeSite(order: WholeSiteOrder): WholeSite {
  const { config, capMicroEuro = config.regime.credit.limitMicroEuro?.value ?? 0, rest, ...world } = order;
  const contract = contractOf(config);
  const enrolled = {
    tenant: config.tenant,
    device: config.device.id,
    account: config.account.id,
    contracts: new Map([[config.version, contract]]),
  };
  const central = createCentralCore({
    book: new Map([[config.device.id, enrolled]]),
    sha256hex,
    witness: witnessOf(CENTRAL_KEY),
  });
  const site = createSimSite({
    journal: createSimJournal(200, outline),
    ...world,
    wall: MIDNIGHT,
    links: [
      { name: 'main', delay: millis(12), jitter: millis(3), loss: 0, reorder: 0 },
      { name: 'second', delay: millis(35), jitter: millis(12), loss: 0, reorder: 0 },
    ],
    phones: PHONES,
    servers: config.voice.sipServers.map((server) => ({ ...server, recordRoute: true })),
  });
  let running = true;

  const send = (messages: readonly { topic: string; payload: string }[]): void => {
    for (const { topic, payload } of messages) site.broker.sendDown(topic, payload);
  };
  site.broker.onUp((topic, payload) => {
    if (running) send(central.receive({ topic, payload, now: Math.floor(site.clock.wall()) }));
  });
  central.change(config.account.id, { capMicroEuro, cycle: 1 }, Math.floor(site.clock.wall()));

  // A file of the box: it outlives the agent.
  let counts: readonly DayCount[] = [];
  const dayCounts: DayCounts = {
    read: () => counts,
    keep(now) {
      counts = now;
    },
  };
  let agent: Agent | undefined;
  const startPoint = createSimStartPoint();
  const adopt = (life: SimLife): void => {
    agent = undefined;
    const ports = agentPorts(life, dayCounts);
    const boot = { ...ports.boot, ...(rest && { rest }) };
    startAgent(config, { ...ports, boot, startPoint }, (ready) => {
      agent = ready;
    });
  };
  return {
    site,
    central,
    start: () => adopt(site.start()),
    adopt,
    sleep: (asleep) => agent?.stop(asleep),
    setCentral(is) {
      running = is;
    },
  };
}

/** Event and effects tell everything; the state follows from them. The text need not be canonical to be the same twice. */
const outline = ({ at, machine, event, effects }: JournalLine): string => JSON.stringify([at, machine, event, effects]);

const PHONES = [
  { name: 'front', number: '+33172890001', address: '192.168.10.10', port: 5060, server: 'voice', compact: false },
  { name: 'back', number: '+33172890002', address: '192.168.10.11', port: 5060, server: 'voice', compact: true },
  { name: 'shop', number: '+33172890003', address: '192.168.10.12', port: 5062, server: 'voice', compact: false },
] as const;

function agentPorts({ ports, boot }: SimLife, dayCounts: DayCounts): Omit<AgentPorts, 'startPoint'> {
  const {
    clock,
    random,
    recordStore,
    checkpoints,
    uplink,
    counters,
    network,
    probes,
    voiceWire,
    media,
    devices,
    journal,
    lineModem,
    mobile,
  } = ports;
  const radio = mobile && createModem(mobile.line, clock);
  return {
    clock,
    random,
    store: recordStore,
    checkpoints,
    signing: deviceKeyOf(DEVICE_KEY),
    uplink,
    dayCounts,
    counters,
    network,
    probes,
    voice: voiceWire,
    media,
    devices,
    // A site with a modem on a cable has its line on that modem.
    lineModem: radio ? createLineModem(radio) : lineModem,
    journal,
    boot: { id: boot, software: 'relais simulated', quality: () => 'synced' },
    sha256: sha256hex,
    sim: mobile && radio && simPortsOf(radio, mobile),
  };
}
