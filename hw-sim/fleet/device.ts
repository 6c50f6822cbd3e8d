import { generateKeyPairSync, sign } from 'node:crypto';
import { checkpointText, deviceKey, originOf, signNote } from '../../agent/evidence/checkpoint.ts';
import { rootOf } from '../../agent/evidence/merkle.ts';
import { writeVerifierKey } from '../../agent/evidence/note.ts';
import { canonical } from '../../agent/model/canonical.ts';
import { topics } from '../../agent/model/messages.ts';
import type { Contract } from '../../agent/rating/credit/contract.ts';
import { leaseWish } from '../../agent/rating/credit/lease-wish.ts';
import { createDeviceLedger, type DeviceLedger, digest } from './device-ledger.ts';
import type { Meter } from './meter.ts';
import { type MqttWire, openWire, type WireSettings } from './mqtt-wire.ts';

export type DeviceSettings = Omit<WireSettings, 'filter' | 'keepAliveSeconds'> & {
  readonly tenant: string;
  readonly device: string;
  readonly caller: string;
  readonly contract: Contract;
  readonly meter: Meter;
  readonly dice: () => number;
};

/** What the agent's road to the central does, without the rest of the agent: a device of a fleet. */
export interface FleetDevice {
  readonly ledger: DeviceLedger;
  connect(): void;
  /** The ledger has grown. */
  pump(): void;
  /** Signs the head and asks for the countersignature. */
  checkpoint(): void;
  /** A checkpoint is on its way. */
  asking(): boolean;
  /** Connected and subscribed. */
  connected(): boolean;
  /** Welcomed by the central on the present connection. */
  ready(): boolean;
  /** Records with a receipt. */
  received(): number;
  close(): void;
}

/** The agent's own numbers: mqtt-uplink.ts, sync.ts, record-road.ts. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
const HELLO_PATIENCE_MS = 10_000;
const RECEIPT_PATIENCE_MS = 15_000;
const WISH_PATIENCE_MS = 20_000;
const WINDOW = 400;
const FULL_ENVELOPE = 100;
/** The agent's is 10 s; see docs/scale.md for what that costs a broker. */
const KEEP_ALIVE_SECONDS = 60;

export function createFleetDevice(settings: DeviceSettings): FleetDevice {
  const { tenant, device, meter, contract, dice } = settings;
  const on = topics(tenant, device);
  const ledger = createDeviceLedger(device, settings.caller, contract);
  const signing = generateKeyPairSync('ed25519');
  const publicKey = signing.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const key = deviceKey(tenant, device, publicKey, digest);
  let wire: MqttWire | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  let up = false;
  let ready = false;
  let closed = false;
  let received = 0;
  let sent = 0;
  let leases = 0;
  let wished = false;
  let asked: { readonly size: number; readonly at: number } | undefined;
  const flights: { readonly upTo: number; readonly at: number }[] = [];
  const timers = new Map<string, NodeJS.Timeout>();

  ledger.write({ kind: 'epoch-opened', reason: 'first' });
  const { regime, tariff } = contract;
  ledger.write({
    kind: 'booted',
    software: 'fleet',
    configVersion: 1,
    regime: `${regime.id}@${regime.version}`,
    tariff: `${tariff.id}@${tariff.version}`,
  });

  const say = (topic: string, message: object): void =>
    wire?.publish(topic, canonical({ device, epoch: ledger.epoch, ...message }));
  const later = (name: string, ms: number, work: () => void): void => {
    clearTimeout(timers.get(name));
    timers.set(name, setTimeout(work, ms));
  };
  const stopWaiting = (): void => {
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
  };

  function connect(): void {
    if (closed) return;
    ready = false;
    wire = openWire({ ...settings, filter: on.allDown, keepAliveSeconds: KEEP_ALIVE_SECONDS }, (news) => {
      if (news.on === 'up') {
        up = true;
        greet();
      }
      if (news.on === 'message') hear(news.topic, news.payload);
      if (news.on === 'down') lost();
    });
  }

  function lost(): void {
    if (up) meter.count('lost');
    up = false;
    ready = false;
    wished = false;
    stopWaiting();
    if (closed) return;
    later('connect', FIRST_PAUSE_MS / 2 + dice() * pauseMs, connect);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }

  function greet(): void {
    pauseMs = FIRST_PAUSE_MS;
    meter.count('connected');
    const hello = { size: ledger.size(), head: ledger.head(), software: 'fleet', configVersion: 1 };
    say(on.hello, { ...hello, deviceKey: writeVerifierKey(key) });
    later('hello', HELLO_PATIENCE_MS, greet);
  }

  function hear(topic: string, payload: string): void {
    const message = JSON.parse(payload);
    if (topic === on.welcome) return welcomed(message);
    if (message.epoch !== ledger.epoch) return;
    if (topic === on.receipt) return took(message);
    if (topic === on.leaseGrant) return granted(message);
    if (topic === on.countersigned && asked && message.size >= asked.size) {
      meter.took('countersigned', performance.now() - asked.at);
      if (message.note === null) meter.count('refused');
      asked = undefined;
      clearTimeout(timers.get('checkpoint'));
    }
  }

  function welcomed({
    receipt,
    cycle,
  }: {
    receipt: { upTo: number; head: string; epoch: string };
    cycle: number;
  }): void {
    if (receipt.epoch !== ledger.epoch) return;
    clearTimeout(timers.get('hello'));
    if (!ready) meter.count('welcomed');
    ready = true;
    if (cycle > ledger.account().cycle) ledger.write({ kind: 'cycle-opened', cycle });
    took(receipt);
    sent = received;
    pump();
    wish();
  }

  /** A receipt that does not name what stands here is counted, never believed. */
  function took({ upTo, head }: { upTo: number; head: string }): void {
    if (upTo > 0 && !ledger.release(upTo, head)) return meter.count('refused');
    const now = performance.now();
    for (let flight = flights[0]; flight !== undefined && flight.upTo <= upTo; flight = flights[0]) {
      meter.took('receipt', now - flight.at);
      flights.shift();
    }
    if (upTo <= received) return;
    meter.count('records', upTo - received);
    received = upTo;
    sent = Math.max(sent, received);
    pump();
  }

  function wish(): void {
    const wanted = leaseWish(ledger.account(), contract);
    if (wanted === undefined || wished || !ready) return;
    wished = true;
    const request = `${ledger.epoch}-${leases + 1}`;
    say(on.leaseRequest, { request, wantTicks: wanted.ticks, wantBundleSeconds: wanted.bundleSeconds });
    later('wish', WISH_PATIENCE_MS, () => {
      wished = false;
      wish();
    });
  }

  function granted({ request, lease }: { request: string; lease: null | Parameters<typeof leaseOf>[0] }): void {
    if (request !== `${ledger.epoch}-${leases + 1}`) return;
    clearTimeout(timers.get('wish'));
    wished = false;
    if (lease === null) return;
    leases += 1;
    meter.count('leases');
    ledger.write(leaseOf(lease));
    pump();
  }

  function pump(): void {
    if (!ready) return;
    while (sent < ledger.size() && sent - received < WINDOW) {
      const bodies = ledger.bodies(sent + 1, FULL_ENVELOPE);
      say(on.records, { from: sent + 1, bodies });
      sent += bodies.length;
      flights.push({ upTo: sent, at: performance.now() });
      later('receipt', RECEIPT_PATIENCE_MS, resend);
    }
    wish();
  }

  function resend(): void {
    if (received === ledger.size()) return;
    meter.count('resent');
    sent = received;
    pump();
  }

  return {
    ledger,
    connect,
    pump,
    checkpoint() {
      const size = ledger.size();
      const text = checkpointText({
        origin: originOf(tenant, device, ledger.epoch),
        size,
        root: rootOf(ledger.tree(), digest),
      });
      asked = { size, at: performance.now() };
      later('checkpoint', WISH_PATIENCE_MS, () => void (asked && this.checkpoint()));
      say(on.checkpoint, { size, note: signNote(text, key, (bytes) => sign(null, bytes, signing.privateKey)) });
    },
    asking: () => asked !== undefined,
    connected: () => up,
    ready: () => ready,
    received: () => received,
    close() {
      closed = true;
      stopWaiting();
      wire?.close();
    },
  };
}

const leaseOf = (lease: { id: string; account: string; cycle: number; ticks: number; bundleSeconds: number }) =>
  ({ kind: 'lease-received', lease }) as const;
