import { z } from 'zod';
import { E164Schema } from './e164.ts';

const id = z.string().min(1).max(200);

/** TS 23.040 9.1.2.5: an international number with its plus, or a national or short one. */
export const SmsNumberSchema = z
  .string()
  .regex(/^\+?\d{2,20}$/, 'a number: a plus before an international one, then 2 to 20 digits');

/** A short message that the mobile line of a box is to send (S-11). */
export const SmsOrderSchema = z.strictObject({
  /** Ordered again under the same name, it is sent once. */
  id,
  to: SmsNumberSchema,
  /** More than one part may hold is sent as several. */
  text: z.string().min(1).max(1_530),
  /** Whether the network is asked to say what became of it. */
  wantsReport: z.boolean().default(false),
  /** Who ordered it. */
  by: id,
});
export type SmsOrder = z.infer<typeof SmsOrderSchema>;

/** `unknown`: it may have left; it is not sent again, and not billed. */
export const SMS_OUTCOMES = ['received', 'sent', 'failed', 'unknown'] as const;

/** What the unalterable record says of short messages (U-1). Their text is in none of it. */
export const SMS_EVENTS = [
  /** Told twice, it is the same message. */
  z.strictObject({
    kind: z.literal('sms-counted'),
    message: id,
    direction: z.enum(['outgoing', 'incoming']),
    /** The mobile line of the site; absent where the configuration names none: then nobody pays for it. */
    line: E164Schema.optional(),
    /** Number, or the name of a sender. */
    party: z.string().max(50),
    /** Parts that the network took, or that came. */
    segments: z.int().min(0).max(255),
    outcome: z.enum(SMS_OUTCOMES),
    /** Who ordered one that went out. */
    by: id.optional(),
    /** S-3: what of the line's state kept it from going out, or from being handed on. */
    why: z.string().max(200).optional(),
    /** Wall clock, Unix ms: when it came or was settled; it may be recorded later. */
    at: z.int().min(0),
  }),
  /** The network's word on a message that was sent; `none`: it said nothing in time. */
  z.strictObject({ kind: z.literal('sms-reported'), message: id, fate: z.enum(['delivered', 'failed', 'none']) }),
] as const;
