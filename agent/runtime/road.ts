import { canonical } from '../model/canonical.ts';
import { erasedHash } from '../model/erased.ts';
import {
  CertificateMessageSchema,
  LeaseGrantSchema,
  LeaseRecallSchema,
  LineOrderMessageSchema,
  type Receipt,
  ReceiptSchema,
  type SimOrderMessage,
  SimOrderMessageSchema,
  SmsOrderMessageSchema,
  SuspensionMessageSchema,
  topics,
  type Welcome,
  WelcomeSchema,
} from '../model/messages.ts';
import type { LineOrder } from '../model/mobile-line.ts';
import { roadPace } from '../model/road-pace.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { SmsOrder } from '../model/sms.ts';
import type { Suspensions } from '../model/suspension.ts';
import { millis } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { UplinkNews } from '../ports/uplink.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { createCertificateRoad } from './certificate-road.ts';
import { type Connection, createConnection } from './connection.ts';
import type { Evidence } from './evidence.ts';
import { createLeaseRoad } from './lease-road.ts';
import type { Ledger } from './ledger.ts';
import { createMetering, type Metering } from './metering.ts';
import { createMisled } from './misled.ts';
import { readPayload } from './read-payload.ts';
import { createRecordRoad } from './record-road.ts';
import { createRetention } from './retention.ts';
import type { Support } from './support.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly contract: Contract;
  readonly ports: AgentPorts;
  readonly turns: Turns;
  readonly ledger: Ledger;
  readonly evidence: Evidence;
  /** The link that carries data now. */
  readonly dataLink: () => string;
  /** The store was set aside and a new epoch has begun. */
  readonly epochBegan: () => void;
  /** Support should hear of the box soon. */
  readonly tellSupport: () => void;
  /** The mobile line is to live on another card, or to go out of service (S-1, S-2). */
  readonly simOrdered: (message: SimOrderMessage) => void;
  /** Something is to hold for the mobile line (S-3, S-5 to S-7, S-9, S-10). */
  readonly lineOrdered: (order: LineOrder) => void;
  /** The mobile line is to send a short message (S-11). */
  readonly smsOrdered: (message: SmsOrder) => void;
  /** Milliseconds of running since the central was last heard, as far as the lives before this one recorded. */
  readonly silentFor: number;
  /** The management plane, on the same connection. */
  readonly support: (connection: Connection) => Support;
};

/** The road to the central: records go up until they have a receipt, credit comes down before it is needed. */
export interface Road {
  open(): void;
  /** The ledger holds durable records up to `size`. */
  grown(size: number): void;
  /** Spending, reserving or a lease has changed the account. */
  accountChanged(): void;
  /** Nothing happens without a connection; `done(false)`: the broker refused it. */
  publish(topic: string, payload: unknown, done?: (taken: boolean) => void): void;
  renew(): void;
  up(): boolean;
  /** What the central holds for certain. */
  received(): number;
  /** Bytes of this day on metered links. */
  metered(): ReturnType<Metering['sight']>;
  stop(): void;
}

export function createRoad(needs: Needs): Road {
  const { config, contract, ports, turns, ledger, evidence, silentFor } = needs;
  const { uplink, clock, journal } = ports;
  const on = topics(config.tenant, config.device.id);
  const connection = createConnection({
    ...{ config, ports, turns, link: needs.dataLink },
    passed: (sent) => metering.count(sent),
  });
  const metering = createMetering({
    ...{ config, ports, turns, link: needs.dataLink() },
    hold: connection.hold,
    spent: needs.tellSupport,
  });
  const retention = createRetention({
    ports,
    turns,
    ledger,
    evidence,
    months: config.regime.records.retentionMonths.value,
  });
  const records = createRecordRoad({
    ...{ config, ports, turns, ledger, evidence, retention, connection },
    largest: metering.envelope,
  });
  const greet = (): void => {
    if (connection.up()) records.connected();
  };
  const misled = createMisled(clock, greet);
  const leases = createLeaseRoad({ config, contract, ports, turns, ledger, connection, silentFor, greet, misled });
  const support = needs.support(connection);
  const certificates = createCertificateRoad({ config, ports, turns, connection });
  const timers = createTimers<'first-look'>(clock, turns);
  let begunAgain = false;

  function hear(news: UplinkNews): void {
    switch (news.on) {
      case 'connected':
        connection.came(news.limits);
        certificates.look();
        return records.connected();
      case 'disconnected':
        if (!connection.left()) return;
        support.left();
        evidence.left();
        return records.disconnected();
      case 'message':
        return hearMessage(news.topic, news.payload);
      case 'manageable':
      case 'record':
        return support.hear(news);
    }
  }

  function hearMessage(topic: string, payload: string): void {
    const refuse = (field: string): void => journal.fault('a message of the central was refused', { topic, field });
    if (topic === on.welcome) readPayload(WelcomeSchema, payload, welcomed, refuse);
    if (topic === on.leaseGrant) readPayload(LeaseGrantSchema, payload, leases.granted, refuse);
    if (topic === on.leaseRecall) readPayload(LeaseRecallSchema, payload, leases.recalled, refuse);
    if (topic === on.countersigned) evidence.heard(payload);
    if (topic === on.receipt) readPayload(ReceiptSchema, payload, received, refuse);
    if (topic === on.simOrder) readPayload(SimOrderMessageSchema, payload, needs.simOrdered, refuse);
    if (topic === on.lineOrder)
      readPayload(LineOrderMessageSchema, payload, ({ order }) => needs.lineOrdered(order), refuse);
    if (topic === on.smsOrder)
      readPayload(SmsOrderMessageSchema, payload, ({ message }) => needs.smsOrdered(message), refuse);
    if (topic === on.certificate) readPayload(CertificateMessageSchema, payload, certificates.came, refuse);
    if (topic === on.suspension) readPayload(SuspensionMessageSchema, payload, suspended, refuse);
  }

  /** C-5: an older order never undoes a newer one. What is written down holds until the central says something else. */
  function suspended({ version, orders }: Suspensions): void {
    const known = ledger.account().suspensions;
    if (version < known.version || canonical(orders) === canonical(known.orders)) return;
    ledger.append({ kind: 'suspensions-ordered', version, orders });
  }

  /** A receipt for something else than what stands here would keep records from ever being sent (U-7): the welcome decides. */
  function received({ epoch, upTo, head }: Receipt): void {
    if (epoch !== ledger.epoch()) return;
    leases.centralHeard();
    agrees(upTo, head, (same) => {
      if (!same) {
        journal.fault('a receipt of the central was refused: it is for another history', { upTo });
        return misled();
      }
      records.received(upTo);
      evidence.received(upTo);
    });
  }

  function welcomed({ receipt, cycle, now }: Welcome): void {
    if (receipt.epoch !== ledger.epoch()) return;
    leases.centralHeard();
    leases.cycleOpened(cycle);
    agrees(receipt.upTo, receipt.head, (same) => {
      if (!same) return disagreed(receipt.upTo);
      retention.centralSays(now);
      records.welcomed(receipt.upTo);
      evidence.reached(receipt.upTo);
      leases.centralReached();
      leases.accountChanged();
    });
  }

  /**
   * The store is not the one that the central knows: an old image was put back, or a clone runs elsewhere. Its numbers are
   * never used again and its leases are void (C-3). Once in a life: a central that never agrees would empty every store.
   */
  function disagreed(upTo: number): void {
    const { epoch, durable } = ledger;
    const fields = { epoch: epoch(), upTo, size: durable().size };
    if (begunAgain)
      return journal.fault('the central holds another history of this epoch again; nothing is sent', fields);
    begunAgain = true;
    journal.fault('the central holds another history: the store is set aside and a new epoch begins', fields);
    ledger.beginAgain('central-disagrees');
    evidence.epochBegan();
    connection.beginAgain();
    records.epochBegan();
    leases.epochBegan();
    needs.epochBegan();
  }

  /** Is the record that the central holds last the one that stands here at that place? */
  function agrees(upTo: number, head: string, done: (same: boolean) => void): void {
    if (upTo === 0) return done(true);
    if (upTo > ledger.durable().size) return done(false);
    const heardIn = connection.life();
    ports.store.read(upTo, 1, ([row]) =>
      turns(
        () =>
          heardIn === connection.life() &&
          done(row !== undefined && (erasedHash(row.body) ?? ports.sha256(row.body)) === head),
      ),
    );
  }

  timers.set('first-look', millis(0), leases.accountChanged);
  return {
    open() {
      leases.open();
      uplink.keepAlive?.(roadPace(config.links, needs.dataLink()).keepAlive);
      uplink.open((news) => turns(() => hear(news)));
    },
    grown: records.grown,
    accountChanged: leases.accountChanged,
    publish: connection.publish,
    renew() {
      metering.moved(needs.dataLink());
      uplink.keepAlive?.(roadPace(config.links, needs.dataLink()).keepAlive);
      uplink.renew();
    },
    up: connection.up,
    received: records.heldByCentral,
    metered: metering.sight,
    stop() {
      timers.stop();
      certificates.stop();
      support.stop();
      records.stop();
      leases.stop();
      metering.stop();
      retention.stop();
    },
  };
}
