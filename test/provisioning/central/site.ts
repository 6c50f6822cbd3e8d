import { canonical } from '../../../agent/model/canonical.ts';
import { LeaseGrantSchema, type LeaseRequest, topics } from '../../../agent/model/messages.ts';
import {
  type CallEnded,
  type LedgerEvent,
  type LedgerRecord,
  NO_RECORD_HASH,
  type Reservation,
} from '../../../agent/model/record.ts';
import { available } from '../../../agent/rating/credit/available.ts';
import { contractOf } from '../../../agent/rating/credit/contract.ts';
import { reserve } from '../../../agent/rating/credit/reserve.ts';
import { emptySiteAccount, foldRecord, type SiteAccount } from '../../../agent/rating/credit/site-account.ts';
import { remainderOf } from '../../../agent/rating/credit/site-leases.ts';
import { classify } from '../../../agent/rating/numbering/classify.ts';
import type { CentralMessage } from '../../../provisioning/central/central-core.ts';
import { sha256hex, siteConfig } from '../example.ts';

export type Device = `relais-000${number}`;

/** An honest site reduced to its ledger: it writes what the agent writes, with the same fold, and sends it when asked. */
export type Site = {
  readonly device: Device;
  readonly epoch: string;
  readonly bodies: readonly string[];
  account(): SiteAccount;
  write(event: LedgerEvent): void;
  /** Reserves in one slice what fits, and talks until it is used up or `seconds` are over. */
  call(name: string, dialled: string, seconds: number): void;
  /** Gives back what is left of a lease. */
  giveBack(lease: string): void;
  hear(message: CentralMessage): void;
  hello(): CentralMessage;
  records(from: number, count: number): CentralMessage;
  wish(request: string, wantTicks: number, wantBundleSeconds: number): CentralMessage;
};

const dialog = {
  sipCallId: 'call@phone',
  server: 'voice',
  phone: { address: '192.168.10.10', port: 5060 },
  phoneParty: '<sip:front@voice>',
  networkParty: '<sip:other@voice>',
  recordRoute: [],
  phoneSequence: 1,
  networkSequence: 0,
};

export function createSite(device: Device, epoch = '00000000000000aa'): Site {
  const config = siteConfig(device);
  const { tenant, numbering } = config;
  const contract = contractOf(config);
  const caller = config.lines[0]?.number ?? '';
  const on = topics(tenant, device);
  const bodies: string[] = [];
  let account = emptySiteAccount();
  const headAt = (size: number): string => (size === 0 ? NO_RECORD_HASH : sha256hex(bodies[size - 1] ?? ''));

  function write(event: LedgerEvent): void {
    const record: LedgerRecord = recordOf({
      device,
      epoch,
      seq: bodies.length + 1,
      prev: headAt(bodies.length),
      event,
    });
    account = foldRecord(account, record, contract).account;
    bodies.push(canonical(record));
  }

  function call(name: string, dialled: string, seconds: number): void {
    const { reservation, seconds: granted } = reserve(account, contract, {
      ...{ caller, called: dialled, direction: 'outgoing', at: 0, seconds },
    });
    const talk = { call: name, called: dialled, class: classify(dialled, numbering).class };
    if (granted === 0) return write(ended({ ...talk, seconds: 0, cause: 'refused-credit' }));
    write(admitted(talk, reservation));
    write({ kind: 'call-answered', call: name, dialog, media: null });
    write(ended({ ...talk, seconds: granted, cause: granted < seconds ? 'cut-credit' : 'caller-hung-up' }));
  }

  return {
    device,
    epoch,
    bodies,
    account: () => account,
    write,
    call,
    giveBack: (lease) => {
      const held = account.leases.find(({ id }) => id === lease);
      if (held === undefined) return;
      const rest = remainderOf(account, lease);
      const spent = {
        spentTicks: held.ticks - rest.ticks,
        spentBundleSeconds: held.bundleSeconds - rest.bundleSeconds,
      };
      write({ kind: 'lease-closed', lease, ...spent });
    },
    hear: ({ topic, payload }) => {
      if (topic !== on.leaseGrant) return;
      const { lease } = LeaseGrantSchema.parse(JSON.parse(payload));
      if (lease !== null) write({ kind: 'lease-received', lease });
    },
    hello: () => {
      const size = bodies.length;
      const hello = { device, epoch, size, head: headAt(size), software: 'test', configVersion: 1 };
      return { topic: on.hello, payload: canonical(hello) };
    },
    records: (from, count) => ({
      topic: on.records,
      payload: canonical({ device, epoch, from, bodies: bodies.slice(from - 1, from - 1 + count) }),
    }),
    wish: (request, wantTicks, wantBundleSeconds) => {
      const wish: LeaseRequest = { device, epoch, request, wantTicks, wantBundleSeconds };
      return { topic: on.leaseRequest, payload: canonical(wish) };
    },
  };
}

/** The first records of a life: the epoch, the boot, the cycle. */
export function start(site: Site, configVersion = 1): void {
  site.write({ kind: 'epoch-opened', reason: 'first' });
  site.write({ kind: 'booted', software: 'test', configVersion, regime: 'mie@1', tariff: 'example-2026@1' });
  site.write({ kind: 'cycle-opened', cycle: 1 });
}

export const left = (site: Site): ReturnType<typeof available> => available(site.account());

type Place = Pick<LedgerRecord, 'device' | 'epoch' | 'seq' | 'prev' | 'event'>;

export const recordOf = (place: Place): LedgerRecord => ({
  v: 1,
  ...place,
  salt: sha256hex(`${place.device}${place.seq}`).slice(0, 32),
  clock: { wall: 1_790_000_000_000 + place.seq, mono: place.seq, boot: 'boot', quality: 'synced' },
});

type Talk = Pick<CallEnded, 'call' | 'called' | 'class'>;

const admitted = ({ call, called, class: destination }: Talk, reserved: Reservation): LedgerEvent => ({
  kind: 'call-admitted',
  call,
  direction: 'outgoing',
  caller: '+33172890001',
  called,
  class: destination,
  link: 'main',
  reserved,
  dialog,
  media: null,
});

const ended = (talk: Talk & Pick<CallEnded, 'seconds' | 'cause'>): LedgerEvent => ({
  kind: 'call-ended',
  direction: 'outgoing',
  caller: '+33172890001',
  ...talk,
  links: ['main'],
  startedAt: 1_790_000_000_000,
  answeredAt: talk.seconds === 0 ? null : 1_790_000_005_000,
  endedAt: 1_790_000_005_000 + talk.seconds * 1_000,
  sipStatus: 200,
  codec: 'PCMA',
  complete: true,
});
