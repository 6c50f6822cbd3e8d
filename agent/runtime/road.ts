import { type Credit, type CreditEffect, type CreditEvent, startCredit, stepCredit } from '../machines/credit.ts';
import { type Sync, type SyncEffect, type SyncEvent, startSync, stepSync } from '../machines/sync.ts';
import { canonical } from '../model/canonical.ts';
import { erasedHash } from '../model/erased.ts';
import {
  type LeaseGrant,
  LeaseGrantSchema,
  type Receipt,
  ReceiptSchema,
  topics,
  type Welcome,
  WelcomeSchema,
} from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { millis, seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { UplinkNews } from '../ports/uplink.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { leaseWish } from '../rating/credit/lease-wish.ts';
import type { Evidence } from './evidence.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import { readPayload } from './read-payload.ts';
import { createRetention } from './retention.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly contract: Contract;
  readonly ports: AgentPorts;
  readonly turns: Turns;
  readonly ledger: Ledger;
  readonly evidence: Evidence;
};

/** The road to the central: records go up until they have a receipt, credit comes down before it is needed. */
export interface Road {
  open(): void;
  /** The ledger holds durable records up to `size`. */
  grown(size: number): void;
  /** Spending, reserving or a lease has changed the account. */
  accountChanged(): void;
  publish(topic: string, payload: unknown): void;
  renew(): void;
  /** What the central holds for certain. */
  received(): number;
  stop(): void;
}

const LARGEST_ENVELOPE = 32_000;
const FULL_ENVELOPE = 100;

export function createRoad(needs: Needs): Road {
  const { config, ports, turns, ledger, evidence } = needs;
  const { uplink, clock, journal } = ports;
  const device = config.device.id;
  const on = topics(config.tenant, device);
  const timers = createTimers<'hello' | 'receipt' | 'wish' | 'again'>(clock, turns);
  let connected = false;
  /** Counts connections, so that an answer that belongs to an earlier one is not taken for news. */
  let life = 0;
  let begunAgain = false;

  const publish = (topic: string, payload: unknown, done: (taken: boolean) => void = () => undefined): void => {
    if (!connected) return;
    const sentIn = life;
    uplink.publish(topic, canonical(payload), (taken) => turns(() => sentIn === life && done(taken)));
  };

  const sync = createMachine<Sync, SyncEvent, SyncEffect>({
    name: 'sync',
    start: startSync(ledger.durable().size, Math.min(ports.store.state().released, ledger.durable().size)),
    step: stepSync,
    perform: performSync,
    clock,
    journal,
  });
  const retention = createRetention({
    ports,
    turns,
    ledger,
    evidence,
    months: config.regime.records.retentionMonths.value,
  });
  const credit = createMachine<Credit, CreditEvent, CreditEffect>({
    name: 'credit',
    start: startCredit(ledger.leasesReceived()),
    step: stepCredit,
    perform: performCredit,
    clock,
    journal,
  });

  function performSync(effect: SyncEffect): void {
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

  function performCredit(effect: CreditEffect): void {
    if (effect.do === 'wait') return timers.set('wish', effect.for, () => credit.hear({ on: 'waited' }));
    const { ticks, bundleSeconds } = effect.wish;
    const request = `${ledger.epoch()}-${effect.number}`;
    publish(on.leaseRequest, {
      device,
      epoch: ledger.epoch(),
      request,
      wantTicks: ticks,
      wantBundleSeconds: bundleSeconds,
    });
  }

  function sayHello(): void {
    const { size, head } = ledger.durable();
    publish(on.hello, {
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
    const sentIn = life;
    ports.store.read(from, FULL_ENVELOPE, (stored) =>
      turns(() => {
        if (sentIn !== life) return;
        if (stored.some((row) => erasedHash(row.body) !== undefined))
          return journal.fault('the central asks for records whose bodies it had and the box has erased', { from });
        const bodies = firstBytes(stored.map((row) => row.body));
        const upTo = from + bodies.length - 1;
        publish(on.records, { device, epoch: ledger.epoch(), from, bodies }, (taken) => {
          if (taken) sync.hear({ on: 'sent', upTo });
          else timers.set('again', seconds(1), () => sync.hear({ on: 'sent', upTo: from - 1 }));
        });
      }),
    );
  }

  function hear(news: UplinkNews): void {
    switch (news.on) {
      case 'connected':
        life += 1;
        connected = true;
        return sync.hear({ on: 'connected' });
      case 'disconnected':
        if (!connected) return;
        connected = false;
        timers.clear('again');
        evidence.left();
        return sync.hear({ on: 'disconnected' });
      case 'message':
        return hearMessage(news.topic, news.payload);
    }
  }

  function hearMessage(topic: string, payload: string): void {
    const refuse = (field: string): void => journal.fault('a message of the central was refused', { topic, field });
    if (topic === on.welcome) readPayload(WelcomeSchema, payload, welcomed, refuse);
    if (topic === on.leaseGrant) readPayload(LeaseGrantSchema, payload, granted, refuse);
    if (topic === on.countersigned) evidence.heard(payload);
    if (topic === on.receipt) readPayload(ReceiptSchema, payload, received, refuse);
  }

  /** A receipt for something else than what stands here would keep records from ever being sent (U-7). */
  function received({ epoch, upTo, head }: Receipt): void {
    if (epoch !== ledger.epoch()) return;
    agrees(upTo, head, (same) => {
      if (!same) return journal.fault('a receipt of the central was refused: it is for another history', { upTo });
      sync.hear({ on: 'receipt-came', upTo });
      evidence.received(upTo);
    });
  }

  function welcomed({ receipt, cycle, now }: Welcome): void {
    if (receipt.epoch !== ledger.epoch()) return;
    if (cycle > ledger.account().cycle) ledger.append({ kind: 'cycle-opened', cycle });
    agrees(receipt.upTo, receipt.head, (same) => {
      if (!same) return disagreed(receipt.upTo);
      retention.centralSays(now);
      sync.hear({ on: 'welcomed', upTo: receipt.upTo });
      evidence.reached(receipt.upTo);
      credit.hear({ on: 'central-reached' });
      api.accountChanged();
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
    life += 1;
    timers.clear('again');
    sync.hear({ on: 'epoch-began' });
    credit.hear({ on: 'epoch-began' });
  }

  /** Is the record that the central holds last the one that stands here at that place? */
  function agrees(upTo: number, head: string, done: (same: boolean) => void): void {
    if (upTo === 0) return done(true);
    if (upTo > ledger.durable().size) return done(false);
    const heardIn = life;
    ports.store.read(upTo, 1, ([row]) =>
      turns(
        () => heardIn === life && done(row !== undefined && (erasedHash(row.body) ?? ports.sha256(row.body)) === head),
      ),
    );
  }

  function granted({ epoch, request, lease }: LeaseGrant): void {
    const state = credit.state();
    if (epoch !== ledger.epoch() || state.at !== 'wishing' || request !== `${epoch}-${state.granted + 1}`) return;
    if (lease === null) return credit.hear({ on: 'wish-declined' });
    if (lease.cycle > ledger.account().cycle) ledger.append({ kind: 'cycle-opened', cycle: lease.cycle });
    timers.clear('wish');
    credit.hear({ on: 'lease-received' });
    ledger.append({ kind: 'lease-received', lease });
  }

  const api: Road = {
    open: () => uplink.open((news) => turns(() => hear(news))),
    grown: (size) => sync.hear({ on: 'recorded', size }),
    accountChanged: () => credit.hear({ on: 'account-changed', wish: leaseWish(ledger.account(), needs.contract) }),
    publish,
    renew: () => uplink.renew(),
    received: () => sync.state().received,
    stop: () => {
      timers.stop();
      retention.stop();
    },
  };
  timers.set('wish', millis(0), () => api.accountChanged());
  return api;
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
