import { z } from 'zod';
import { TerritorySchema } from './destination.ts';
import { E164Schema } from './e164.ts';

const count = z.int().min(0);
const id = z.string().min(1).max(200);
/** Unix time in milliseconds, UTC. */
export const InstantSchema = z.int().min(0).max(8_640_000_000_000_000);

const common = {
  /** Names this use for ever: a second record with the same id is the same use (U-7). */
  id,
  /** The account's own number, in E.164 with plus. */
  line: E164Schema,
  /** Start of the call, sending of the message, end of the data slice. */
  at: InstantSchema,
  /** Where the line was when it was not at home; absent in France. */
  visited: TerritorySchema.optional(),
  /** The id of an earlier record of the same use, which this one corrects and takes the place of. */
  replaces: id.optional(),
};

/** One use of a line, as it is rated: by the site's own record, or by a file of a host operator (U-1, U-5). */
export const UsageSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('call'),
    ...common,
    direction: z.enum(['outgoing', 'incoming']),
    /** The number dialled, in any form, or the caller's. */
    party: z.string().max(200),
    /** Null: never answered; recorded, counted for ASR, free (U-2). Else seconds from answer to release. */
    seconds: count.max(10_000_000).nullable(),
    /** By a permanent forwarding of the line: outside unlimited plans. */
    forwarded: z.boolean().default(false),
  }),
  z.strictObject({
    kind: z.literal('sms'),
    ...common,
    direction: z.enum(['outgoing', 'incoming']),
    party: z.string().max(200),
    /** SMS billed: one a segment. */
    segments: z.int().min(1).max(255),
    /** A failed message is not billed (S10). */
    sent: z.boolean().default(true),
  }),
  z.strictObject({
    kind: z.literal('mms'),
    ...common,
    direction: z.enum(['outgoing', 'incoming']),
    party: z.string().max(200),
    sent: z.boolean().default(true),
  }),
  z.strictObject({ kind: z.literal('data'), ...common, bytes: count }),
  z.strictObject({
    kind: z.literal('fax'),
    ...common,
    direction: z.enum(['outgoing', 'incoming']),
    party: z.string().max(200),
    /** Pages whose reception was confirmed. */
    pages: count.max(10_000),
  }),
  /** Takes back the record that it names: the use never was. */
  z.strictObject({ kind: z.literal('canceled'), ...common, replaces: id }),
]);
export type Usage = z.infer<typeof UsageSchema>;
export type UsageOf<Kind extends Usage['kind']> = Extract<Usage, { kind: Kind }>;
