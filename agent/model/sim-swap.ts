import { z } from 'zod';

const count = z.int().min(0);
const id = z.string().min(1).max(200);
/** Digits without fill: French ones have 19. */
export const IccidSchema = z.string().regex(/^\d{18,20}$/, 'an ICCID of 18 to 20 digits, as printed on the card');

/** TS 23.003 9.1. */
export const AccessPointSchema = z
  .string()
  .regex(/^[A-Za-z0-9.-]{1,100}$/, 'letters, digits, dots and dashes, as the operator wrote it');

/** Where a line can live: a card holder of the modem (1 or 2), or a profile on the eUICC in use. */
export const SimPlaceSchema = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('slot'),
    slot: z.union([z.literal(1), z.literal(2)]),
    /** The card that has to be found there; without it any other card than the one in use will do. */
    iccid: IccidSchema.optional(),
  }),
  z.strictObject({
    by: z.literal('profile'),
    iccid: IccidSchema,
    /** The holder of that eUICC, where it is not the one in use. */
    slot: z.union([z.literal(1), z.literal(2)]).optional(),
  }),
]);
export type SimPlace = z.infer<typeof SimPlaceSchema>;

/** S-1, S-2, S-9, S-10: why. `found`: a line that was out of service for loss or theft comes back. */
export const SWAP_REASONS = ['order', 'support', 'loss', 'theft', 'found', 'defect', 'host-change', 'porting'] as const;

/** What somebody wants done with the mobile line. Activation codes are no part of it: they are never written down (S-8). */
export const SimOrderSchema = z.strictObject({
  /** Ordered again under the same name, it is done once. */
  id,
  /** Absent: the line goes out of service (loss, theft) or comes back (found), and no card is changed. */
  target: z.union([SimPlaceSchema, z.strictObject({ by: z.literal('download') })]).optional(),
  /** Of the card that is to be used; without it the first data context stays as it is defined. */
  accessPoint: AccessPointSchema.optional(),
  reason: z.enum(SWAP_REASONS),
  /** Who ordered it, as support knows them. */
  by: id,
});
export type SimOrder = z.infer<typeof SimOrderSchema>;

/** How an order ended. `stranded`: neither card could be brought back into use, somebody has to go there. */
export const SWAP_OUTCOMES = [
  'swapped',
  'returned',
  'unproven',
  'unchanged',
  'interrupted',
  'barred',
  'reopened',
  'stranded',
] as const;
export type SwapOutcome = (typeof SWAP_OUTCOMES)[number];

const card = IccidSchema.nullable();

/** SGP.22 4.1: what an operator gives with a profile that is to be downloaded. Secret until it is spent (S-8). */
export const DownloadCodeSchema = z.strictObject({
  code: z.string().min(1).max(600),
  confirmation: z.string().min(1).max(100).optional(),
});

/** TS 31.101 9.5.1. Secret; known to the box as long as its order is being carried out (S-8). */
export const CardPinSchema = z.string().regex(/^\d{4,8}$/, 'a PIN of 4 to 8 digits');

/**
 * What the record says of a swap (S-1, U-1): before the card is changed, and how it ended; `from` and `to` let metering
 * follow the line from card to card (S-10). `at`: wall clock, Unix ms, when it happened: it may be recorded later.
 */
export const SimSwappedSchema = z.strictObject({
  swap: id,
  stage: z.enum(['begun', 'ended']),
  reason: z.enum(SWAP_REASONS),
  by: id,
  from: card,
  to: card,
  outcome: z.enum(SWAP_OUTCOMES).nullable(),
  /** Why it did not become `swapped`, in a word of the engine. */
  why: z.string().max(200).nullable(),
  at: count,
});

/** S-2: the card that was lost or stolen, so that its operator can bar it; null where it could not be read. */
export const SimLostSchema = z.strictObject({
  swap: id,
  reason: z.enum(['loss', 'theft']),
  by: id,
  iccid: card,
  imsi: z
    .string()
    .regex(/^\d{6,15}$/)
    .nullable(),
  at: count,
});

/** A line for the unalterable record. */
export const SimReportSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sim-swapped'), ...SimSwappedSchema.shape }),
  z.strictObject({ kind: z.literal('sim-lost'), ...SimLostSchema.shape }),
]);
export type SimReport = z.infer<typeof SimReportSchema>;
