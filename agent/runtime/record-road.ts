import { type Sync, type SyncEffect, type SyncEvent, startSync, stepSync } from '../machines/sync.ts';
import { canonical } from '../model/canonical.ts';
import { erasedHash } from '../model/erased.ts';
import { topics } from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { millis } from '../model/units.ts';
import { utf8Bytes } from '../model/utf8.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Connection, Write } from './connection.ts';
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
  /** Bytes that an envelope may have at the moment. */
  readonly largest: () => number;
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

/** Bytes of a payload, whatever the broker would take. */
const LARGEST_ENVELOPE = 32_000;
const FULL_ENVELOPE = 100;
/** Patience is spread by so much, so that boxes whose central fell silent do not speak at one instant. */
const SPREAD = 0.25;

export function createRecordRoad(needs: Needs): RecordRoad {
  const { config, ports, turns, ledger, evidence, retention, connection } = needs;
  const { clock, journal, random } = ports;
  const device = config.device.id;
  const on = topics(config.tenant, device);
  const timers = createTimers<'hello' | 'receipt'>(clock, turns);
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
      case 'ask-slot':
        return connection.offer(on.records, fillSlot, (taken) => sync.hear({ on: taken ? 'taken' : 'refused' }));
      case 'send-records':
        return sendRecords(effect.from);
      case 'release':
        return retention.received(effect.upTo);
      case 'wait':
        return timers.set(effect.name, millis(effect.for * (1 + random.fraction() * SPREAD)), () =>
          sync.hear({ on: 'waited', name: effect.name }),
        );
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

  /** The slot that is being filled. */
  let slot: { readonly room: number; readonly give: (payload: string | undefined) => void } | undefined;

  const fillSlot: Write = (room, give) => {
    slot = { room, give };
    sync.hear({ on: 'slot-came' });
    // A machine that is not sending any more has no use for it.
    slot?.give(undefined);
    slot = undefined;
  };

  function sendRecords(from: number): void {
    const filling = slot;
    slot = undefined;
    if (filling === undefined) return;
    const { room, give } = filling;
    const sentIn = connection.life();
    ports.store.read(from, FULL_ENVELOPE, (stored) =>
      turns(() => {
        if (sentIn !== connection.life()) return give(undefined);
        const payload = envelopeOf(
          from,
          stored.map(({ body }) => body),
          room,
        );
        give(payload?.text);
        sync.hear({ on: 'sent', from, upTo: payload?.upTo ?? from - 1, now: clock.mono() });
      }),
    );
  }

  /** As many records as fit; nothing when not even the first does, or when it must not be sent. */
  function envelopeOf(from: number, bodies: readonly string[], room: number) {
    if (bodies.some((body) => erasedHash(body) !== undefined)) {
      journal.fault('the central asks for records whose bodies it had and the box has erased', { from });
      return undefined;
    }
    const envelope = { device, epoch: ledger.epoch(), from };
    const empty = utf8Bytes(canonical({ ...envelope, bodies: [] }));
    const wished = firstBytes(bodies, Math.min(room, LARGEST_ENVELOPE, needs.largest()) - empty);
    // A record larger than what is wished goes alone, if the broker takes it.
    const first = wished.length > 0 ? wished : firstBytes(bodies.slice(0, 1), room - empty);
    if (first.length > 0) return { text: canonical({ ...envelope, bodies: first }), upTo: from + first.length - 1 };
    if (bodies.length > 0) journal.fault('a record is larger than the broker takes; records wait', { from, room });
    return undefined;
  }

  return {
    connected: () => sync.hear({ on: 'connected' }),
    disconnected: () => sync.hear({ on: 'disconnected' }),
    grown: (size) => sync.hear({ on: 'recorded', size }),
    welcomed: (upTo) => sync.hear({ on: 'welcomed', upTo, now: clock.mono() }),
    received: (upTo) => sync.hear({ on: 'receipt-came', upTo, now: clock.mono() }),
    epochBegan: () => sync.hear({ on: 'epoch-began' }),
    heldByCentral: () => sync.state().received,
    stop: () => timers.stop(),
  };
}

/** As many bodies as fit into `room` bytes as members of a list. */
function firstBytes(bodies: readonly string[], room: number): readonly string[] {
  let bytes = 0;
  const end = bodies.findIndex((body) => {
    bytes += utf8Bytes(canonical(body)) + 1;
    return bytes > room;
  });
  return end < 0 ? bodies : bodies.slice(0, end);
}
