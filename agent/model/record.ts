import { z } from 'zod';
import { LampStatesSchema } from './board.ts';
import { BoxEventSchema } from './box-event.ts';
import { DataCountedSchema } from './data-counted.ts';
import { ClassSchema } from './destination.ts';
import { FAX_EVENTS } from './fax-events.ts';
import { LIMIT_EVENTS } from './limit-events.ts';
import { LINE_EVENTS } from './mobile-line.ts';
import { ServicesChangedSchema } from './services-changed.ts';
import { SimLostSchema, SimSwappedSchema } from './sim-swap.ts';
import { SMS_EVENTS } from './sms.ts';
import { SuspensionsSchema } from './suspension.ts';
import { SignallingUnreadSchema } from './unread-signalling.ts';

const count = z.int().min(0);
const id = z.string().min(1).max(200);

/** How far the wall clock of a record can be trusted (U-1). */
export const CLOCK_QUALITIES = ['never', 'holdover', 'synced'] as const;

/** Wall clock in UTC, monotonic clock and boot: durations come from `mono` alone (U-2). */
export const ClockBlockSchema = z.strictObject({
  wall: count,
  mono: count,
  boot: id,
  quality: z.enum(CLOCK_QUALITIES),
});
export type ClockBlock = z.infer<typeof ClockBlockSchema>;

/** Why a call ended, in the words of the detail that the client sees. */
export const END_CAUSES = [
  'caller-hung-up',
  'called-hung-up',
  'not-answered',
  'busy',
  'failed',
  'canceled',
  'refused-credit',
  'refused-capacity',
  'refused-number',
  'refused-barred',
  'refused-caller',
  'refused-recording',
  'refused-suspension',
  'refused-limit',
  'refused-outside-bundle',
  'cut-credit',
  'cut-maximum-length',
  'cut-long-service',
  'lost',
] as const;
export type EndCause = (typeof END_CAUSES)[number];

/** Credit that the central lends to one site (C-3). `ticks` may be spent out of bundle, `bundleSeconds` inside. */
export const LeaseSchema = z.strictObject({
  id,
  account: id,
  /** The cycle that the credit belongs to; a number that grows with every new-month order (M1). */
  cycle: count,
  ticks: count,
  bundleSeconds: count,
});
export type Lease = z.infer<typeof LeaseSchema>;

/** A reservation made before the service it pays for: bundle seconds first, then paid seconds. */
const ReservationSchema = z.strictObject({ bundleSeconds: count, paidSeconds: count, ticks: count });
export type Reservation = z.infer<typeof ReservationSchema>;

/** Enough of a SIP dialog to end the call from the box, also after a restart (RFC 3261 12). */
export const DialogSchema = z.strictObject({
  sipCallId: z.string(),
  server: z.string(),
  phone: z.strictObject({ address: z.string(), port: z.int() }),
  /** From, To and Contact as the phone's side and the network's side wrote them; header values, untouched. */
  phoneParty: z.string(),
  networkParty: z.string(),
  phoneContact: z.string().optional(),
  networkContact: z.string().optional(),
  /** Record-Route values in the order of the message. */
  recordRoute: z.array(z.string()),
  phoneSequence: count,
  networkSequence: count,
});
export type Dialog = z.infer<typeof DialogSchema>;

const direction = z.enum(['outgoing', 'incoming']);

/** Where a side wants its RTP and with which codec, read from its SDP; null where it could not be read. */
const MediaSchema = z
  .strictObject({ address: z.string(), port: z.int(), codec: z.string().optional(), rtcpPort: z.int().optional() })
  .nullable();

const permyriad = z.int().min(0).max(10_000);
const opinionTenths = z.int().min(10).max(50).optional();

/** One way of a call's media. What was not seen is absent. */
const WayQualitySchema = z.strictObject({
  /** As who listens reported it (RFC 3550 6.4). */
  rtcp: z
    .strictObject({ reports: count, lossPermyriad: permyriad.optional(), jitterMicros: count.optional() })
    .optional(),
  /** As who listens measured it itself (RFC 3611 4.7). */
  extended: z
    .strictObject({
      lossPermyriad: permyriad,
      discardPermyriad: permyriad,
      endDelayMs: count.optional(),
      mosListeningTenths: opinionTenths,
      mosConversationalTenths: opinionTenths,
    })
    .optional(),
  /** RTP that the kernel of the box passed on; what is missing of it was lost before the box. */
  counters: z.strictObject({ packets: count, octets: count, lossPermyriad: permyriad.optional() }).optional(),
  /** Of the E-model (ITU-T G.107), and whose loss went into it. */
  mosHundredths: z.int().min(100).max(500).optional(),
  mosFrom: z.enum(['rtcp-xr', 'rtcp', 'counters']).optional(),
});

/** Everything that the unalterable record of a site can say. */
export const LedgerEventSchema = z.discriminatedUnion('kind', [
  /** First record of an epoch: one unbroken life of the store. */
  z.strictObject({ kind: z.literal('epoch-opened'), reason: z.enum(['first', 'store-damaged', 'central-disagrees']) }),
  z.strictObject({
    kind: z.literal('booted'),
    software: z.string(),
    configVersion: count,
    regime: z.string(),
    tariff: z.string(),
  }),
  z.strictObject({ kind: z.literal('lease-received'), lease: LeaseSchema }),
  /**
   * The site gives back a lease in whole or in part: from now on no more is left of it than `spentTicks` and
   * `spentBundleSeconds`: what is spent, what running calls hold, and what the site goes on with. It may be given back
   * again, down to what is spent.
   */
  z.strictObject({ kind: z.literal('lease-closed'), lease: id, spentTicks: count, spentBundleSeconds: count }),
  /** The INVITE of an outgoing or incoming call was let through. */
  z.strictObject({
    kind: z.literal('call-admitted'),
    call: id,
    direction,
    caller: z.string(),
    called: z.string(),
    class: ClassSchema,
    link: z.string(),
    reserved: ReservationSchema,
    dialog: DialogSchema,
    /** The phone's own media, the key by which the kernel knows the call. */
    media: MediaSchema,
  }),
  z.strictObject({ kind: z.literal('call-answered'), call: id, dialog: DialogSchema, media: MediaSchema }),
  /** A further slice for a running call. */
  z.strictObject({ kind: z.literal('call-extended'), call: id, reserved: ReservationSchema }),
  /** Of a running call, for who takes it up again: where the phone was last agreed to want its RTP, and its dialogs. */
  z.strictObject({
    kind: z.literal('call-changed'),
    call: id,
    dialog: DialogSchema,
    media: MediaSchema,
    /** Answered as well, by other forks (RFC 3261 13.2.2.4); those of its dialogs that were left. */
    forks: z.array(DialogSchema),
    leftForks: z.array(DialogSchema),
  }),
  /** The call detail record (U-1). Seconds run from answer to release, each started second counted (U-2). */
  z.strictObject({
    kind: z.literal('call-ended'),
    call: id,
    direction,
    caller: z.string(),
    called: z.string(),
    class: ClassSchema,
    links: z.array(z.string()),
    startedAt: count,
    answeredAt: count.nullable(),
    endedAt: count,
    seconds: count,
    cause: z.enum(END_CAUSES),
    sipStatus: z.int().min(0).max(699),
    codec: z.string().nullable(),
    /** False when the agent was not there for all of the call; `seconds` is then what it can prove. */
    complete: z.boolean(),
  }),
  /**
   * What the box could see of a call's media: `sent` by the phone, `heard` by the phone; mean round trips between the box
   * and either side. It follows `call-ended`, and no price depends on it; a call of which nothing was seen has none.
   */
  z.strictObject({
    kind: z.literal('call-quality'),
    call: id,
    phoneRoundTripMicros: count.optional(),
    networkRoundTripMicros: count.optional(),
    sent: WayQualitySchema,
    heard: WayQualitySchema,
  }),
  /** Voice or data moved to another link (F-3, G-6); `heartbeat-lost`: the kernel had moved it by itself; `brown-out`: calls were unusable. */
  z.strictObject({
    kind: z.literal('traffic-moved'),
    from: z.string(),
    to: z.string(),
    cause: z.enum(['probe-lost', 'came-home', 'started', 'heartbeat-lost', 'brown-out']),
  }),
  /**
   * G-6: so many probes in a row went unanswered. `since` is the first of them on the monotonic clock of this boot; told
   * again while it lasts. What the link carried then, which links still stood (none: the site is cut off), calls alive.
   */
  z.strictObject({
    kind: z.literal('link-lost'),
    link: z.string(),
    since: count,
    probes: count,
    carried: z.array(z.enum(['voice', 'data'])),
    standing: z.array(z.string()),
    calls: count,
    /** G-2: what the lamps of the box showed then. */
    lamps: LampStatesSchema.optional(),
  }),
  /** G-6: every probe was answered from `since` on, on the monotonic clock of this boot, for the hold-off. */
  z.strictObject({ kind: z.literal('link-returned'), link: z.string(), since: count }),
  /** G-7: the UPS runs on its battery, or on the mains again. */
  z.strictObject({ kind: z.literal('mains-lost'), batteryPercent: z.int().min(0).max(100) }),
  z.strictObject({ kind: z.literal('mains-returned'), batteryPercent: z.int().min(0).max(100) }),
  DataCountedSchema,
  /** M1: a new cycle begins; leases of older cycles are void for new calls. */
  z.strictObject({ kind: z.literal('cycle-opened'), cycle: count }),
  /** C-5: what the central suspended holds from now on, offline and after a restart too; the record is the acknowledgement. */
  z.strictObject({ kind: z.literal('suspensions-ordered'), ...SuspensionsSchema.shape }),
  ...LIMIT_EVENTS,
  SignallingUnreadSchema,
  /** M-6: what a controller did, or was refused: who, what, when (the record's clock), and the result (0, or the code of TR-369). */
  z.strictObject({
    kind: z.literal('support-action'),
    by: id,
    action: z.enum(['set', 'add', 'delete', 'operate']),
    message: z.string().max(200),
    paths: z.array(z.string().max(200)).max(32),
    outcome: count,
  }),
  /** S-1: the mobile line is about to move to another card, or how that ended; told twice, it is the same swap and stage. */
  z.strictObject({ kind: z.literal('sim-swapped'), ...SimSwappedSchema.shape }),
  /** S-2: a card was lost or stolen, and the line went out of service. */
  z.strictObject({ kind: z.literal('sim-lost'), ...SimLostSchema.shape }),
  ...LINE_EVENTS,
  ...FAX_EVENTS,
  ...SMS_EVENTS,
  /** M-1, M-2: what became of a change of the managed services, or that somebody changed them by hand. */
  z.strictObject({ kind: z.literal('services-changed'), ...ServicesChangedSchema.shape }),
  /** M-3, G-6, G-7: what happened to the box itself: power, restarts, releases. */
  z.strictObject({ kind: z.literal('box-event'), ...BoxEventSchema.shape }),
]);
export type LedgerEvent = z.infer<typeof LedgerEventSchema>;
export type CallEnded = Extract<LedgerEvent, { kind: 'call-ended' }>;
export type CallQuality = Extract<LedgerEvent, { kind: 'call-quality' }>;

/** One record as it is hashed, stored, sent and kept. Serialized once, by `agent/model/canonical.ts`; never again. */
export const RecordSchema = z.strictObject({
  v: z.literal(1),
  device: id,
  /** 64-bit random number in hex that names one unbroken life of the store. */
  epoch: z.string().regex(/^[0-9a-f]{16}$/),
  /** Dense, from 1, inside one epoch. */
  seq: z.int().min(1),
  /** SHA-256 of the bytes of the record before, in hex; 64 zeros before the first. */
  prev: z.string().regex(/^[0-9a-f]{64}$/),
  /** 128 random bits, so that a hash kept after erasure tells nothing (U-4). */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  clock: ClockBlockSchema,
  event: LedgerEventSchema,
});
export type LedgerRecord = z.infer<typeof RecordSchema>;

export const NO_RECORD_HASH = '0'.repeat(64);
