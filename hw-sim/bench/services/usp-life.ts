import { controllerEndpoint } from '../../../agent/model/management.ts';
import type { SiteConfig } from '../../../agent/model/site-config.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { Connection } from '../../../agent/runtime/connection.ts';
import { createServicesDesk, type ServicesDesk } from '../../../agent/runtime/services-desk.ts';
import { createSupport, type Support } from '../../../agent/runtime/support.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import type { ServicesView, Sight } from '../../../agent/usp/sight.ts';
import {
  type ErrorBody,
  type RequestDraft,
  type Response,
  readMessage,
  readRecord,
  writeMessage,
} from '../../../agent/usp/wire/message.ts';
import { createLife } from '../../site/life.ts';
import type { SimClock } from '../../site/sim-clock.ts';
import { createSimDevices } from '../../site/sim-devices.ts';
import type { SimRandom } from '../../site/sim-random.ts';
import type { SimServices } from '../../site/sim-services.ts';
import { createSimStartPoint } from '../../site/sim-start-point.ts';

/** The management plane of a box over its power cuts, and its one controller behind the broker. */
export interface UspLife {
  desk(): ServicesDesk;
  connected(): boolean;
  /** A record on the controller's topic, and what the box says to it; nothing where packets do not arrive. */
  ask(request: RequestDraft): Answer | undefined;
  powerCut(): void;
}

export type Answer = { readonly response?: Response; readonly error?: ErrorBody };

type World = {
  readonly site: SiteConfig;
  readonly services: SimServices;
  readonly clock: SimClock;
  readonly dice: SimRandom;
};

/** The broker sees a dead connection, and the box makes another, as in docs/road.md. */
const CONNECTS_AFTER = seconds(3);
const ROOM = 500_000;
const NAME = 'second';
export const SECOND_LEVEL = { name: NAME, role: 'support-2' } as const;

/** Everything above the wire is the agent's own: records, messages, rights, model, commit-confirm. */
export function createUspLife({ site, services, clock, dice }: World): UspLife {
  const book = createSimStartPoint();
  const devices = createSimDevices(clock, dice.fork('devices'));
  const answers = new Map<string, Answer>();
  let [connected, connecting, asked, lives] = [false, 0, 0, 0];
  let desk: ServicesDesk;
  let support: Support;

  const connect = (): void => {
    if (connected) support.left();
    connected = false;
    connecting += 1;
    const mine = connecting;
    clock.after(CONNECTS_AFTER, () => {
      if (mine !== connecting) return;
      if (!services.pathStands()) return connect();
      connected = true;
      support.hear({ on: 'manageable' });
    });
  };
  const carried = (): boolean => connected && services.pathStands();
  const connection: Pick<Connection, 'up' | 'offer'> = {
    up: () => connected,
    offer(_topic, write, done = () => undefined) {
      write(ROOM, (packet) => {
        if (typeof packet === 'object' && carried()) hear(packet.bytes);
      });
      clock.after(millis(1), () => done(true));
    },
  };
  function hear(bytes: Uint8Array): void {
    const payload = readRecord(bytes)?.noSessionContext?.payload;
    const message = payload && readMessage(payload);
    if (message?.body?.response) answers.set(message.header?.msgId ?? '', { response: message.body.response });
    if (message?.body?.error) answers.set(message.header?.msgId ?? '', { error: message.body.error });
  }
  function boot(): void {
    lives += 1;
    const turns = createTurns();
    const quiet = { step: () => undefined, fault: () => undefined };
    const ledger = { append: () => undefined };
    desk = createServicesDesk({
      ...{ config: site, turns, ledger, renew: connect, ports: { clock, journal: quiet } },
      services: { plane: services.plane, journal: services.journal, ports: { relay: 5_070, probes: 8_620 } },
    });
    support = createSupport({
      ...{ config: site, turns, ledger, connection, services: desk, log: () => [] },
      // A box without modem, and whose devices nobody asks.
      ...{ readings: { seen: () => ({}), refresh: (_, done) => done() }, swap: () => undefined },
      voice: { swapEnded: () => undefined },
      ports: {
        ...{ clock, random: dice, journal: quiet, supportBook: book },
        devices: devices.port(createLife(lives, 'harm')),
        boot: { id: `boot-${lives}`, software: 'relais harmed', quality: () => 'synced' },
      },
      sight: () => sightOf(site, clock, desk.sight()),
    });
    connect();
  }
  boot();
  return {
    desk: () => desk,
    connected: carried,
    ask(request) {
      if (!carried()) return undefined;
      asked += 1;
      const msgId = `harm-${asked}`;
      const ends = { from: controllerEndpoint(NAME), to: `self::${site.device.id}` };
      const topic = `usp/v1/${site.tenant}/agent/${site.device.id}/support.${NAME}`;
      support.hear({ on: 'record', topic, bytes: writeMessage(ends, msgId, { request }) });
      const answer = answers.get(msgId);
      answers.clear();
      return answer;
    },
    powerCut() {
      desk.stop();
      support.stop();
      connected = false;
      services.powerCut(dice.fraction() < 0.5);
      boot();
    },
  };
}

/** A site at rest. */
function sightOf(site: SiteConfig, clock: SimClock, services: ServicesView): Sight {
  return {
    ...{ wall: clock.wall(), mono: clock.mono(), began: 0, clock: 'synced' },
    ...{ device: site.device.id, software: 'relais harmed', configVersion: site.version },
    links: site.links.map(({ name, role, kind, upKbps, downKbps }) => ({
      ...{ name, role, kind, upKbps, downKbps },
      ...{ answers: true, answered: 1, lost: 0, rttMicros: 9_000 },
    })),
    failover: { enabled: true, holdOffMs: 60_000 },
    steering: { voice: 'main', data: 'main' },
    ...{ calls: 0, channels: site.voice.channels, lines: [] },
    credit: { cycle: 1, microEuro: 0, bundleSeconds: 0, limited: false, leases: [] },
    ledger: {
      ...{ epoch: '0123456789abcdef', size: 1, head: 'ab'.repeat(32), received: 1 },
      ...{ recording: true, bytes: 1, room: 1 },
    },
    broker: { ...site.central, joined: true },
    services,
  };
}
