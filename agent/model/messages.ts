import { z } from 'zod';
import { LineOrderSchema } from './mobile-line.ts';
import { LeaseSchema } from './record.ts';
import { CardPinSchema, DownloadCodeSchema, SimOrderSchema } from './sim-swap.ts';
import { SmsOrderSchema } from './sms.ts';
import { SuspensionsSchema } from './suspension.ts';

const count = z.int().min(0);
const id = z.string().min(1).max(200);
const epoch = z.string().regex(/^[0-9a-f]{16}$/);
const verifierKey = z.string().max(400);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

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

/** Central → device: everything that is suspended there (C-5). Sent until the device's own record says the same. */
export const SuspensionMessageSchema = z.strictObject({ device: id, ...SuspensionsSchema.shape });
export type SuspensionMessage = z.infer<typeof SuspensionMessageSchema>;

/**
 * Central → device: what is to become of the mobile line (S-1, S-2). Its answer is the record of the swap; ordered again
 * under the same name, it is done once. `download`: the code of a profile that is yet to come; neither it nor a PIN is in a
 * record, a log or a journal.
 */
export const SimOrderMessageSchema = z.strictObject({
  device: id,
  order: SimOrderSchema,
  download: DownloadCodeSchema.optional(),
  /** Of the card that the line goes to: it is entered once and asked for no more. */
  pin: CardPinSchema.optional(),
  /** Of the card that is left, where it is locked: its lock goes off for the way back (S-8). */
  oldPin: CardPinSchema.optional(),
});
export type SimOrderMessage = z.infer<typeof SimOrderMessageSchema>;

/** Central → device: a short message for the mobile line to send (S-11). Answered by its record; sent once under its name. */
export const SmsOrderMessageSchema = z.strictObject({ device: id, message: SmsOrderSchema });

/**
 * Central → device: what is to hold for the mobile line (S-3, S-5 to S-7, S-9, S-10). Its answer is the record
 * `line-ordered`; ordered again under the same name, it is done once.
 */
export const LineOrderMessageSchema = z.strictObject({ device: id, order: LineOrderSchema });

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
  /** Bytes of this day of UTC on each metered link, both ways, and how many it may have. */
  metered: z
    .array(z.strictObject({ link: id, spent: count, limit: count, trickling: z.boolean() }))
    .max(4)
    .optional(),
  /** Limits of the contract that the box carries out now, each since the use that made it due; for calls see the records. */
  limits: z
    .array(
      z.strictObject({
        rule: id,
        subject: id,
        action: id,
        since: count,
        measured: z.int(),
        limit: z.int(),
        unit: id,
      }),
    )
    .max(50)
    .optional(),
  modem: z.strictObject({ rssiDbm: z.int().nullable(), bitErrorClass: z.int().nullable() }).nullable(),
  power: z
    .strictObject({ mains: z.boolean(), batteryPercent: z.int().min(0).max(100), celsius: z.int().optional() })
    .nullable(),
  inventory: z.array(z.strictObject({ usn: z.string(), location: z.string(), address: z.string() })),
});
export type Telemetry = z.infer<typeof TelemetrySchema>;

/**
 * A box asks for its next certificate (D-3): a PKCS#10 request in PEM for a key that it has just made, and the signature of
 * the key of its present certificate over the DER of that request (ECDSA with SHA-256, base64).
 */
export const CertificateRequestSchema = z.strictObject({
  device: id,
  request: z.string().min(1).max(2_000),
  proof: z.string().regex(/^[A-Za-z0-9+/]{4,196}={0,2}$/, 'base64'),
});
export type CertificateRequestMessage = z.infer<typeof CertificateRequestSchema>;

/** Central → device: the certificate in PEM. One for a key that the box did not ask for is nothing to it. */
export const CertificateMessageSchema = z.strictObject({ device: id, certificate: z.string().min(1).max(4_000) });

/**
 * What goes first when not everything fits: credit, then what proves money, then its seal, then what only informs, and
 * last the management plane, on topics of its own (agent/model/management.ts).
 */
export const URGENCIES = ['first', 'records', 'checkpoint', 'telemetry', 'support'] as const;
export type Urgency = (typeof URGENCIES)[number];

type UpChannel = {
  readonly way: 'up';
  readonly name: string;
  readonly schema: z.ZodType;
  /** What the road makes wait for what when not all of it fits; credit before records, telemetry last. */
  readonly urgency: (typeof URGENCIES)[number];
  readonly says: string;
  /** Down channel on which the central answers, if it does. */
  readonly answer?: string;
};
type DownChannel = {
  readonly way: 'down';
  readonly name: string;
  readonly schema: z.ZodType;
  readonly says: string;
};

/**
 * Every message of the road, once: topics, the broker's access list, the order of waiting, the JSON Schemas and the
 * AsyncAPI document in `docs` are made from this table.
 */
export const CHANNELS = {
  hello: {
    ...{ way: 'up', name: 'hello', schema: HelloSchema, urgency: 'first', answer: 'welcome' },
    says: 'First message of each connection: which epoch the device is in, how many records it holds, and its key. Sent again, ever more rarely, until the welcome comes.',
  },
  leaseRequest: {
    ...{ way: 'up', name: 'lease-request', schema: LeaseRequestSchema, urgency: 'first', answer: 'leaseGrant' },
    says: 'A wish for credit. It has a name: asked twice, it is granted once.',
  },
  records: {
    ...{ way: 'up', name: 'records', schema: RecordsSchema, urgency: 'records', answer: 'receipt' },
    says: 'Records of the ledger as the exact bytes that were hashed, in the order of their numbers. An envelope may come twice or late; one that begins beyond what the central holds is answered by a receipt and not taken.',
  },
  checkpoint: {
    ...{
      way: 'up',
      name: 'checkpoint',
      schema: SignedCheckpointSchema,
      urgency: 'checkpoint',
      answer: 'countersigned',
    },
    says: 'A signed checkpoint over the ledger, sent once the central holds its records, one at a time, oldest first.',
  },
  telemetry: {
    ...{ way: 'up', name: 'telemetry', schema: TelemetrySchema, urgency: 'telemetry' },
    says: 'What the box sees, for support. Not answered, not kept while offline; only the newest is worth sending.',
  },
  welcome: {
    ...{ way: 'down', name: 'welcome', schema: WelcomeSchema },
    says: 'Answer to a hello; also unasked when the central comes back or the account opens a new cycle. Says what is held of the epoch.',
  },
  receipt: {
    ...{ way: 'down', name: 'receipt', schema: ReceiptSchema },
    says: 'What the central has committed of the epoch. This alone, never a PUBACK, releases records on the device.',
  },
  leaseGrant: {
    ...{ way: 'down', name: 'lease-grant', schema: LeaseGrantSchema },
    says: 'Answer to the wish of that name: credit, less credit than was wished, or none.',
  },
  leaseRecall: {
    ...{ way: 'down', name: 'lease-recall', schema: LeaseRecallSchema },
    says: 'How much the site may hold while it is idle; with `now`, what is more comes back at once. A level and not an amount: said again it changes nothing.',
  },
  suspension: {
    ...{ way: 'down', name: 'suspension', schema: SuspensionMessageSchema },
    says: "Everything that is suspended at the site (C-5); a later version takes the place of an earlier one. Sent until the device's own record says the same.",
  },
  simOrder: {
    ...{ way: 'down', name: 'sim-order', schema: SimOrderMessageSchema },
    says: 'The mobile line is to live on another card, or to go out of service for loss or theft. Answered by the records of the swap; done once under its name.',
  },
  lineOrder: {
    ...{ way: 'down', name: 'line-order', schema: LineOrderMessageSchema },
    says: 'The mobile line is barred, suspended, reactivated or terminated, or an option, a waiver, a pack, a change of host operator or a porting is ordered for it. Answered by the record of the order; done once under its name.',
  },
  countersigned: {
    ...{ way: 'down', name: 'countersigned', schema: CountersignedSchema },
    says: 'A checkpoint with the cosignature of the central, or the news that it holds another history.',
  },
  smsOrder: {
    ...{ way: 'down', name: 'sms-order', schema: SmsOrderMessageSchema },
    says: 'A short message for the mobile line to send. Answered by the record of what became of it; sent once under its name.',
  },
  certificateRequest: {
    ...{
      way: 'up',
      name: 'certificate-request',
      schema: CertificateRequestSchema,
      urgency: 'checkpoint',
      answer: 'certificate',
    },
    says: 'The certificate of the box has passed two thirds of its life, and the box asks for the next one. Sent again every six hours and after each connect until it has come.',
  },
  certificate: {
    ...{ way: 'down', name: 'certificate', schema: CertificateMessageSchema },
    says: 'The next certificate of the box, for the key that it asked for. Where the operator signs by hand it comes with the first request after that.',
  },
} as const satisfies Readonly<Record<string, UpChannel | DownChannel>>;

export type ChannelName = keyof typeof CHANNELS;

export const channelNames = Object.keys(CHANNELS) as readonly ChannelName[];

/** Where each message travels: MQTT 5, QoS 1, never retained. `up` topics are written by the device alone. */
export function topics(tenant: string, device: string): Readonly<Record<ChannelName | 'allUp' | 'allDown', string>> {
  const base = `relais/v1/${tenant}/${device}`;
  const named = channelNames.map((key) => [key, `${base}/${CHANNELS[key].way}/${CHANNELS[key].name}`] as const);
  const found = Object.fromEntries(named) as Readonly<Record<ChannelName, string>>;
  return { ...found, allUp: `${base}/up/+`, allDown: `${base}/down/+` };
}
