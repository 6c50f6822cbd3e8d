import { z } from 'zod';
import { CivilDateSchema } from './deck.ts';
import { E164Schema } from './e164.ts';
import { ExcuseSchema } from './excuse.ts';
import { AccessSchema } from './readings/gtr.ts';
import { InstantSchema } from './usage.ts';

const id = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'lower-case letters, digits and dashes, starting with a letter');
const amount = z.int().min(0).max(100_000_000_000);
const commune = z.string().regex(/^(?:\d{2}|2[AB])\d{3}$/, 'an INSEE code of a commune such as "67482"');

export const MonthSchema = z.string().regex(/^\d{4}-(?:0[1-9]|1[0-2])$/, 'a month such as "2026-11"');

const ExcusedSchema = z
  .strictObject({ cause: ExcuseSchema, from: InstantSchema, to: InstantSchema })
  .refine(({ from, to }) => from <= to, { path: ['to'], error: 'ends before it begins' });

/** One service of the account whose outages the box of its site sees (G-1 to G-5). */
export const GuaranteedServiceSchema = z.strictObject({
  id,
  label: z.string().min(1),
  /** The box, and its link where the service is an access; without a link it is down when nothing of the site passes. */
  device: id,
  link: id.optional(),
  access: AccessSchema,
  from: CivilDateSchema,
  until: CivilDateSchema.optional(),
  /** Whether restoration time is guaranteed for it (G-1); the other clauses need no such option. */
  guaranteed: z.boolean().default(true),
  monthlyMicroEuro: amount,
  tax: z.enum(['HT', 'TTC']).default('HT'),
  /** G4: where the service is; some places have holidays of their own. */
  commune: commune.optional(),
  /** G-5: the lines whose usage is that of this service. */
  lines: z.array(E164Schema).default([]),
  /** G-7: times that are known beforehand, such as maintenance or the day of a porting. */
  excused: z.array(ExcusedSchema).default([]),
});
export type GuaranteedService = z.infer<typeof GuaranteedServiceSchema>;

/** What somebody reported of a service (G-2), and what became of it. */
export const TicketSchema = z.strictObject({
  id,
  service: id,
  reported: InstantSchema,
  /** G-2: the access equipment was restarted and the states of the modem's LEDs were given. */
  restarted: InstantSchema.optional(),
  /** Absent: the box saw it come back, or it is not back. */
  restored: InstantSchema.optional(),
  total: z.boolean().default(true),
  excused: z.array(ExcusedSchema).default([]),
  /** The client asked for what it may have: needed where a contract gives it on request only. */
  claimed: InstantSchema.optional(),
});
export type Ticket = z.infer<typeof TicketSchema>;

const price = z.int().min(0).max(100_000_000);
const earning = { priceMicroEuroTtc: price, payoutMicroEuro: price };
export const TierSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('free') }),
  z.strictObject({ is: z.literal('per-minute'), ...earning }),
  z.strictObject({ is: z.literal('per-call'), ...earning }),
]);

/** a special number and what no record of a call tells of it. */
export const SpecialNumberSchema = z.strictObject({
  /** A line of the account: its received calls are those records of the line that came in. */
  number: E164Schema,
  tier: TierSchema,
  tierRequests: z.array(z.strictObject({ id, day: CivilDateSchema, tier: TierSchema })).default([]),
  route: z.enum(['geo_metro', 'elsewhere']),
  portedOutOn: CivilDateSchema.optional(),
  /** Calls whose origin the caller's number does not show, by the id of their record. */
  origins: z
    .array(
      z.strictObject({
        call: z.string().min(1).max(200),
        origin: z.enum(['geographic', 'mobile', 'overseas', 'payphone', 'international', 'unpaid', 'no-agreement']),
        automaticCallback: z.boolean().default(false),
      }),
    )
    .default([]),
});
export type SpecialNumber = z.infer<typeof SpecialNumberSchema>;
