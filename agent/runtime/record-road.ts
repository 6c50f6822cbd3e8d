import { type Sync, type SyncEffect, type SyncEvent, startSync, stepSync } from '../machines/sync.ts';
import { erasedHash } from '../model/erased.ts';
import { topics } from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Connection } from './connection.ts';
import type { Evidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import type { Retention } from './retention.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly ports: AgentPorts;
  readonly turns: Turns;
  readonly ledger: Ledger;
  readonly evidence: Evidence;
  readonly retention: Retention;
  readonly connection: Connection;
};

/** Records go up until they have a receipt; the ledger is the only outbox (U-7). */
export interface RecordRoad {
  connected(): void;
  disconnected(): void;
  /** The ledger holds durable records up to `size`. */
  grown(size: number): void;
  welcomed(upTo: number): void;
  received(upTo: number): void;
  epochBegan(): void;
  /** What the central holds for certain. */
  heldByCentral(): number;
  stop(): void;
}

const LARGEST_ENVELOPE = 32_000;
const FULL_ENVELOPE = 100;

export function createRecordRoad(needs: Needs): RecordRoad {
  const { config, ports, turns, ledger, evidence, retention, connection } = needs;
  const { clock, journal } = ports;
  const device = config.device.id;
  const on = topics(config.tenant, device);
  const timers = createTimers<'hello' | 'receipt' | 'again'>(clock, turns);
  const sync = createMachine<Sync, SyncEvent, SyncEffect>({
    name: 'sync',
    start: startSync(ledger.durable().size, Math.min(ports.store.state().released, ledger.durable().size)),
    step: stepSync,
    perform,
    clock,
    journal,
  });

  function perform(effect: SyncEffect): void {
    switch (effect.do) {
      case 'say-hello':
        return sayHello();
      case 'send-records':
        return sendRecords(effect.from);
      case 'release':
        return retention.received(effect.upTo);
      case 'wait':
        return timers.set(effect.name, effect.for, () => sync.hear({ on: 'waited', name: effect.name }));
    }
  }

  function sayHello(): void {
    const { size, head } = ledger.durable();
    connection.publish(on.hello, {
      device,
      epoch: ledger.epoch(),
      size,
      head,
      software: ports.boot.software,
      configVersion: config.version,
      deviceKey: evidence.key,
    });
  }

  function sendRecords(from: number): void {
    const sentIn = connection.life();
    ports.store.read(from, FULL_ENVELOPE, (stored) =>
      turns(() => {
        if (sentIn !== connection.life()) return;
        if (stored.some((row) => erasedHash(row.body) !== undefined))
          return journal.fault('the central asks for records whose bodies it had and the box has erased', { from });
        const bodies = firstBytes(stored.map((row) => row.body));
        const upTo = from + bodies.length - 1;
        connection.publish(on.records, { device, epoch: ledger.epoch(), from, bodies }, (taken) => {
          if (taken) sync.hear({ on: 'sent', upTo });
          else timers.set('again', seconds(1), () => sync.hear({ on: 'sent', upTo: from - 1 }));
        });
      }),
    );
  }

  return {
    connected: () => sync.hear({ on: 'connected' }),
    disconnected() {
      timers.clear('again');
      sync.hear({ on: 'disconnected' });
    },
    grown: (size) => sync.hear({ on: 'recorded', size }),
    welcomed: (upTo) => sync.hear({ on: 'welcomed', upTo }),
    received: (upTo) => sync.hear({ on: 'receipt-came', upTo }),
    epochBegan() {
      timers.clear('again');
      sync.hear({ on: 'epoch-began' });
    },
    heldByCentral: () => sync.state().received,
    stop: () => timers.stop(),
  };
}

/** As many bodies as one envelope may hold, at least one. */
function firstBytes(bodies: readonly string[]): readonly string[] {
  let bytes = 0;
  const end = bodies.findIndex((body) => {
    bytes += body.length;
    return bytes > LARGEST_ENVELOPE;
  });
  return end < 0 ? bodies : bodies.slice(0, Math.max(end, 1));
}
