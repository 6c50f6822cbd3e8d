import { z } from 'zod';
import { GuaranteedServiceSchema, MonthSchema, SpecialNumberSchema, TicketSchema } from './account-services.ts';
import { CivilDateSchema } from './deck.ts';
import { E164Schema } from './e164.ts';
import { InstantSchema } from './usage.ts';

const id = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'lower-case letters, digits and dashes, starting with a letter');
const amount = z.int().min(0).max(100_000_000_000);

/** One line of the account and the plans that it had, the newest last. */
export const AccountLineSchema = z.strictObject({
  number: E164Schema,
  label: z.string().min(1),
  /** Day of activation, which starts billing (P-1), and last day in service. */
  from: CivilDateSchema,
  until: CivilDateSchema.optional(),
  plans: z.array(z.strictObject({ from: CivilDateSchema, plan: id })).min(1),
});

/** A billing account as it is rated: everything dated, so that any day can be rated again and give the same. */
export const AccountSchema = z.strictObject({
  schema: z.literal('relais/account/1'),
  id,
  client: z.string().min(1),
  /** Operator data by id, each version from a day on: regimes, and price lists and numbering tables, which carry their own day. */
  regimes: z.array(z.strictObject({ from: CivilDateSchema, regime: id })).min(1),
  decks: z.array(id).min(1),
  numberings: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/)).min(1),
  /** months of the calendar, or from the day of the first activation. */
  cycle: z.discriminatedUnion('is', [
    z.strictObject({ is: z.literal('calendar') }),
    z.strictObject({ is: z.literal('anniversary'), first: CivilDateSchema }),
  ]),
  lines: z.array(AccountLineSchema).min(1),
  /** The client's own mobiles, on whatever account of this operator. */
  fleet: z.array(E164Schema).default([]),
  /** C-1, C-2: caps set for this client, each from its instant on; before the first, the regime's. */
  caps: z.array(z.strictObject({ from: InstantSchema, microEuro: amount })).default([]),
  /** M1: the new-month orders, oldest first. */
  months: z.array(InstantSchema).default([]),
  /** S-6: signed waivers that re-open roaming data, by line. */
  waivers: z
    .array(
      z.strictObject({
        line: E164Schema,
        scope: z.enum(['roaming', 'roaming-ceiling']),
        from: InstantSchema,
        until: InstantSchema.optional(),
      }),
    )
    .default([]),
  /** V-7: times in which the unlimited plan of a line was found abused: rated at the metered tariff, also in retrospect. */
  abuses: z
    .array(z.strictObject({ line: E164Schema, from: InstantSchema, until: InstantSchema.optional() }))
    .default([]),
  /** C-5: suspended services opened again, for the fee of the price list. */
  reopenings: z.array(z.strictObject({ line: E164Schema, at: InstantSchema })).default([]),
  /** Services whose interruption gives something back (G-1 to G-5), what was reported of them, and what is unpaid (G9). */
  services: z.array(GuaranteedServiceSchema).default([]),
  tickets: z.array(TicketSchema).default([]),
  unpaid: z.array(z.strictObject({ from: InstantSchema, until: InstantSchema.optional() })).default([]),
  /** G5: how the year of the ceiling is counted for this client: of the calendar, or from a day of the contract on. */
  ceilingYear: z
    .discriminatedUnion('is', [
      z.strictObject({ is: z.literal('calendar') }),
      z.strictObject({ is: z.literal('anniversary'), first: CivilDateSchema }),
    ])
    .default({ is: 'calendar' }),
  /** numbers whose holder this client is. */
  specialNumbers: z.array(SpecialNumberSchema).default([]),
  /** days on which the client's invoice for the pay-out of a month came. */
  payoutInvoices: z.array(z.strictObject({ month: MonthSchema, day: CivilDateSchema })).default([]),
  /** months in which the law or the rules of conduct were not kept; nothing is paid for them. */
  rulesBroken: z.array(MonthSchema).default([]),
  /** S-7: extra packs of data, by line. */
  packs: z.array(z.strictObject({ line: E164Schema, at: InstantSchema, bytes: z.int().min(1) })).default([]),
});
export type Account = z.infer<typeof AccountSchema>;
export type AccountLine = z.infer<typeof AccountLineSchema>;
