import type { BoxReadings } from '../model/box-readings.ts';
import { roadPace } from '../model/road-pace.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { FirmwareSight } from '../ports/updates.ts';
import type { UplinkUse } from '../ports/uplink.ts';
import { available } from '../rating/credit/available.ts';
import type { MobileView, ServicesView, Sight } from '../usp/sight.ts';
import type { Ledger } from './ledger.ts';
import type { Road } from './road.ts';
import type { SiteSteering } from './steering.ts';
import type { VoiceWatch } from './voice-watch.ts';

export type SightNeeds = {
  readonly config: SiteConfig;
  readonly ports: Pick<AgentPorts, 'clock' | 'boot' | 'store' | 'uplink' | 'faxSpool' | 'updates' | 'sim' | 'links'>;
  readonly road: () => Pick<Road, 'received' | 'metered' | 'up'>;
  readonly steering: Pick<SiteSteering, 'steering' | 'sight'>;
  readonly ledger: Ledger;
  readonly calls: () => number;
  readonly services: () => ServicesView | undefined;
  readonly readings: () => BoxReadings;
  readonly voice: Pick<VoiceWatch, 'book' | 'lastSwap'>;
  /** The mobile line; undefined where the box has no modem. */
  readonly mobile: () => Pick<MobileView, 'link' | 'number' | 'swapping'> | undefined;
  readonly limits: () => readonly string[];
  readonly lamps?: () => Sight['lamps'];
};

const TICKS_OF_MICRO_EURO = 60;

/** What the agent knows of its site now, plainly. */
export function createSiteSight(needs: SightNeeds): () => Sight {
  const { config, ports, road, steering, ledger } = needs;
  const { clock, boot, store } = ports;
  const began = clock.mono();
  const living = ports.updates?.sight();
  return () => {
    const account = ledger.account();
    const credit = available(account);
    const { bytes, room } = store.use();
    const { size, head } = ledger.durable();
    const memory = boot.memory?.();
    return {
      ...{ wall: Math.floor(clock.wall()), mono: Math.floor(clock.mono()), began },
      ...{ clock: boot.quality(), device: config.device.id, software: boot.software, configVersion: config.version },
      ...(memory && { memory }),
      links: linksOf(needs),
      failover: { enabled: config.failover.enabled, holdOffMs: config.failover.holdOffMs },
      steering: steering.steering(),
      ...{ calls: needs.calls(), channels: config.voice.channels, lines: linesOf(needs) },
      credit: {
        ...{ cycle: account.cycle, limited: account.limited, bundleSeconds: credit.bundleSeconds },
        microEuro: Math.floor(credit.ticks / TICKS_OF_MICRO_EURO),
        leases: account.leases,
      },
      ledger: {
        ...{ epoch: ledger.epoch(), size, head, received: road().received(), recording: ledger.hasRoom() },
        ...{ bytes, room },
      },
      broker: {
        ...{ ...config.central, joined: road().up(), packets: packetsOf(ports.uplink.use()) },
        keepAlive: roadPace(config.links, steering.steering().data).keepAlive / 1_000,
      },
      services: needs.services(),
      ...{ readings: needs.readings(), voice: needs.voice.book(), mobile: mobileOf(needs) },
      ...{ mains: ledger.mains(), limits: needs.limits(), faxLines: config.fax?.lines },
      fax: faxOf(needs),
      lamps: needs.lamps?.(),
      ...{ firmware: firmwareOf(ports.updates, living), restartable: restartableOf(needs) },
    };
  };
}

function packetsOf({ packets, received }: UplinkUse): Sight['broker']['packets'] {
  return received === undefined ? undefined : { sent: packets - received, received };
}

function mobileOf({ mobile, voice }: SightNeeds): Sight['mobile'] {
  const seen = mobile();
  return seen && { ...seen, last: voice.lastSwap() };
}

/** Undefined where this life was begun otherwise than from a slot. */
function firmwareOf(updates: AgentPorts['updates'], began: FirmwareSight | undefined): Sight['firmware'] {
  const seen = updates?.sight();
  // A trial is the first life of another release.
  return seen && { ...seen, updated: began?.onTrial === true };
}

function restartableOf({ config, ports }: SightNeeds): NonNullable<Sight['restartable']> {
  const { boot, sim, links } = ports;
  const one = (of: 'Modem' | 'Box', there: unknown) => (there === undefined ? [] : [{ of, name: '' }]);
  return [
    { of: 'Agent', name: '' },
    ...one('Modem', sim),
    ...one('Box', boot.reboot),
    ...(links === undefined ? [] : config.links.map(({ name }) => ({ of: 'Link' as const, name }))),
  ];
}

function linksOf({ config, steering, road }: SightNeeds): Sight['links'] {
  const counts = road().metered();
  return config.links.map(({ name, role, kind, upKbps, downKbps, gateway }) => {
    const { answered, lost, lastRttMicros, lostInRow, quality } = steering.sight(name);
    const count = counts.find(({ link }) => link === name);
    const probed = answered + lost > 0;
    return {
      ...{ name, role, kind, upKbps, downKbps, gateway, answered, lost, rttMicros: lastRttMicros, quality },
      answers: probed ? lostInRow < config.failover.lossesToLeave : undefined,
      ...(count && { metered: { spent: count.spent, limit: count.limit } }),
    };
  });
}

/** Documents and faxes of the terminal lines, where the spool could be opened. */
function faxOf({ config, ports }: SightNeeds): Sight['fax'] {
  const documents = ports.faxSpool?.documents;
  const lines = (config.fax?.lines ?? []).filter(({ mode }) => mode === 'terminal').map(({ number }) => number);
  return documents && { lines, documents: documents.list(), received: documents.received() };
}

/** C-5: a line is suspended when an order holds for all lines or names it. */
function linesOf({ config, ports, ledger }: SightNeeds): Sight['lines'] {
  const now = ports.clock.wall();
  const orders = ledger.account().suspensions.orders.filter(({ from }) => from <= now);
  return config.lines.map(({ number, label }) => ({
    ...{ number, label },
    suspended: orders.some(({ lines }) => lines === null || lines.includes(number)),
  }));
}
