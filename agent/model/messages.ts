import { z } from 'zod';
import { LeaseSchema } from './record.ts';

const count = z.int().min(0);
const id = z.string().min(1).max(200);
const epoch = z.string().regex(/^[0-9a-f]{16}$/);
const verifierKey = z.string().max(400);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Where each message travels: MQTT 5, QoS 1, never retained. `up` topics are written by the device alone. */
export const topics = (tenant: string, device: string) => {
  const base = `relais/v1/${tenant}/${device}`;
  return {
    hello: `${base}/up/hello`,
    records: `${base}/up/records`,
    leaseRequest: `${base}/up/lease-request`,
    checkpoint: `${base}/up/checkpoint`,
    telemetry: `${base}/up/telemetry`,
    welcome: `${base}/down/welcome`,
    receipt: `${base}/down/receipt`,
    leaseGrant: `${base}/down/lease-grant`,
    leaseRecall: `${base}/down/lease-recall`,
    countersigned: `${base}/down/countersigned`,
    allDown: `${base}/down/+`,
  } as const;
};

/** Device → central after each connect: what the device holds. */
export const HelloSchema = z.strictObject({
  device: id,
  epoch,
  size: count,
  head: hash,
  software: z.string(),
  configVersion: count,
  /** Verifier key of the device (C2SP signed-note); absent from boxes whose software signs no checkpoints. */
  deviceKey: verifierKey.optional(),
});
export type Hello = z.infer<typeof HelloSchema>;

/** Central → device: what the central has committed of that epoch. `head` is the hash of record `upTo`. */
export const ReceiptSchema = z.strictObject({ device: id, epoch, upTo: count, head: hash });
export type Receipt = z.infer<typeof ReceiptSchema>;

/** Answer to `hello`: a receipt, the central's clock (Unix ms) and the account's open cycle. */
export const WelcomeSchema = z.strictObject({ receipt: ReceiptSchema, now: count, cycle: count });
export type Welcome = z.infer<typeof WelcomeSchema>;

/** Records as their exact bytes, in order, `from` the seq of the first. At most 100 records or 32 kB. */
export const RecordsSchema = z.strictObject({
  device: id,
  epoch,
  from: z.int().min(1),
  bodies: z.array(z.string()).min(1).max(100),
});
export type Records = z.infer<typeof RecordsSchema>;

/** `request` names the wish: asked twice, it is granted once (same lease again). */
export const LeaseRequestSchema = z.strictObject({
  device: id,
  epoch,
  request: id,
  wantTicks: count,
  wantBundleSeconds: count,
});
export type LeaseRequest = z.infer<typeof LeaseRequestSchema>;

const ShareSchema = z.strictObject({ ticks: count, bundleSeconds: count });

/**
 * A grant may be smaller than the wish, down to nothing when the cap is reached. `share`: where an account has several
 * sites, the free credit that is for this one while all are idle; absent: as much as it should hold.
 */
export const LeaseGrantSchema = z.strictObject({
  device: id,
  epoch,
  request: id,
  lease: LeaseSchema.nullable(),
  share: ShareSchema.optional(),
});
export type LeaseGrant = z.infer<typeof LeaseGrantSchema>;

/**
 * Central → device: the share of this site has changed. What it holds beyond, neither spent nor held by running calls, it
 * gives back with durable `lease-closed` records: they are the answer. `now`: at once, others are short; otherwise once it
 * has lain idle. A wish that waits is asked again. It says a level, not an amount: lost, doubled or late, it does no harm
 * (C-3).
 */
export const LeaseRecallSchema = z.strictObject({ device: id, epoch, share: ShareSchema, now: z.boolean() });
export type LeaseRecall = z.infer<typeof LeaseRecallSchema>;

/** The head of the device's log at `size`, a signed note (C2SP tlog-checkpoint). Sent until it is countersigned (U-3). */
export const SignedCheckpointSchema = z.strictObject({
  device: id,
  epoch,
  size: z.int().min(1),
  note: z.string().max(2_000),
});
export type SignedCheckpoint = z.infer<typeof SignedCheckpointSchema>;

/**
 * Central → device: a checkpoint with the central's cosignature (C2SP tlog-cosignature), of the size that was asked or of
 * the next larger one that it had signed before. No note: the central holds another history of that epoch.
 */
export const CountersignedSchema = z.strictObject({
  device: id,
  epoch,
  size: z.int().min(1),
  key: verifierKey,
  note: z.string().max(4_000).nullable(),
});
export type Countersigned = z.infer<typeof CountersignedSchema>;

/** What the box sees, for support; no invoice depends on it. Absent parts were not measured. */
export const TelemetrySchema = z.strictObject({
  device: id,
  at: count,
  steering: z.strictObject({ voice: z.string(), data: z.string() }),
  links: z.array(z.strictObject({ name: id, answered: count, lost: count, lastRttMicros: count.nullable() })),
  calls: count,
  /** The record store: bytes it takes, bytes left, bytes a day that wear the flash, stores set aside as damaged. */
  ledger: z
    .strictObject({
      records: count,
      received: count,
      recording: z.boolean(),
      bytes: count,
      room: count,
      writtenPerDay: count,
      setAside: count,
    })
    .optional(),
  modem: z.strictObject({ rssiDbm: z.int().nullable(), bitErrorClass: z.int().nullable() }).nullable(),
  power: z.strictObject({ mains: z.boolean(), batteryPercent: z.int().min(0).max(100) }).nullable(),
  inventory: z.array(z.strictObject({ usn: z.string(), location: z.string(), address: z.string() })),
});
export type Telemetry = z.infer<typeof TelemetrySchema>;
