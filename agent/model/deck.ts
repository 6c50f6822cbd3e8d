import { z } from 'zod';
import { PriceSelectorSchema, SelectorSchema, TerritorySchema, ZoneSchema } from './destination.ts';

/** A civil date in Paris, "2026-11-22". */
export const CivilDateSchema = z.iso.date();

/**
 * Largest price of one use, in micro-euro: 900 € a minute for the longest call of a record (10,000,000 s), a last step
 * of an hour and 900 € of set-up are together still below 2^53 ticks.
 */
const price = z.int().min(0).max(900_000_000);
/** What is paid once or once a month, in micro-euro. */
const fee = z.int().min(0).max(100_000_000_000);
const name = z.string().min(1).max(200);
const id = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'lower-case letters, digits and dashes, starting with a letter');

const priced = {
  name,
  /** Prices with tax (TTC) keep that on every charge; the deck's own default is HT. */
  tax: z.enum(['HT', 'TTC']).optional(),
  /** First and last day on which a use may start at this price; open when absent. */
  from: CivilDateSchema.optional(),
  until: CivilDateSchema.optional(),
};

/** What a second of speech costs: set-up, then intervals (60/60, 60/1, 30/6, 1/1 …), and a least charge. */
const duration = {
  /** Micro-euro per minute: R of them are exactly R ticks per second. */
  perMinuteMicroEuro: price,
  /** Micro-euro per answered call (M5 says when it is due). */
  perCallMicroEuro: price.default(0),
  /** Seconds that the first paid second brings with it, and each further step. */
  firstSeconds: z.int().min(1).max(3600).default(1),
  stepSeconds: z.int().min(1).max(3600).default(1),
  /** Least charge of a call with a paid second, set-up included. */
  minimumMicroEuro: price.default(0),
};

/** Where a line is that is abroad; a price for its territory goes before one for a zone. */
const place = z.union([z.strictObject({ zone: ZoneSchema }), z.strictObject({ territory: TerritorySchema })]);

export const VoicePriceSchema = z.strictObject({
  ...priced,
  ...duration,
  for: PriceSelectorSchema,
  /** Tier of a special number, such as "M001" or "D080". */
  tier: z.string().min(1).max(20).optional(),
  /** Makes the number one of a class that only this operator knows. */
  as: z.enum(['mobile-special-service', 'voicemail', 'premium-special', 'free-special']).optional(),
  /** No way out to it, at any price. */
  barred: z.boolean().default(false),
});

/** Calls of a line that is abroad: where it is, and which way the call goes. */
export const RoamingVoicePriceSchema = z
  .strictObject({
    ...priced,
    ...duration,
    visited: place,
    direction: z.enum(['outgoing', 'incoming']),
    /** Whom an outgoing call is for; absent: any number. */
    for: PriceSelectorSchema.optional(),
    barred: z.boolean().default(false),
  })
  .refine((entry) => entry.direction === 'outgoing' || entry.for === undefined, {
    error: 'only an outgoing call is priced by its destination; leave it out',
    path: ['for'],
  });

/** One SMS segment, MMS or fax page. `visited` absent: at home. */
export const UnitPriceSchema = z.strictObject({
  ...priced,
  for: PriceSelectorSchema,
  visited: place.optional(),
  perUnitMicroEuro: price,
});

/** Data by the unit of `unitBytes`, charged by cumulative difference so that the sum never drifts. */
export const DataPriceSchema = z.strictObject({
  ...priced,
  visited: place.optional(),
  perUnitMicroEuro: price,
  unitBytes: z.int().min(1).max(1_000_000_000_000),
});

const allowance = z.union([z.strictObject({ units: z.int().min(0) }), z.literal('unlimited')]);

/** What a line subscribes to. Amounts a month, in advance. */
export const PlanSchema = z.strictObject({
  id,
  name,
  service: z.enum(['fixed', 'mobile', 'fax', 'internet']),
  tax: z.enum(['HT', 'TTC']).optional(),
  monthlyMicroEuro: fee,
  /** Once, when the line is activated. */
  connectionMicroEuro: fee.default(0),
  /** `metered`: every second is paid. `bundle`: seconds of the month first. `unlimited`: what it lists is free until it is abused. */
  voice: z.discriminatedUnion('is', [
    z.strictObject({ is: z.literal('metered') }),
    z.strictObject({
      is: z.literal('bundle'),
      seconds: z.int().min(1).max(100_000_000),
      /** `account`: the bundles of all lines with this plan are one. */
      shared: z.enum(['account', 'line']).default('account'),
      includes: z.array(SelectorSchema).min(1),
    }),
    z.strictObject({
      is: z.literal('unlimited'),
      includes: z.array(SelectorSchema).min(1),
      /** Once the limits of R-7 are passed: the regime's limits hold, or the plan has none. */
      limits: z.enum(['regime', 'none']).default('regime'),
    }),
  ]),
  /** Zones in which the line is as if at home, for everything it uses (EU regulation 2022/612). */
  likeHome: z.array(ZoneSchema).default([]),
  /** F-6: its SIM in a gateway; absent: what the contract says of all plans. */
  routerUse: z.enum(['allowed', 'failover-only', 'forbidden']).optional(),
  /** Calls to the client's own fleet are free. */
  fleetFree: z.boolean().default(false),
  sms: allowance.optional(),
  mms: allowance.optional(),
  /** Fax pages a month; "unlimited fax" is held to one a minute by the gateway. */
  fax: allowance.optional(),
  /** S-4, S-7: absent is no data plan. Past `fairUseBytes`: throttled at home and cut in roaming. */
  data: z
    .strictObject({
      includedBytes: z.int().min(0).nullable(),
      fairUseBytes: z.int().min(1).optional(),
      /** S-7: what is left of the rate past the threshold, kbit/s; absent: 128. */
      throttledKbps: z.int().min(8).max(10_000_000).optional(),
      /** Zones beside those of `likeHome` in which data counts as at home: allowance, fair use and prices. */
      zones: z.array(ZoneSchema).default([]),
    })
    .optional(),
});
export type Plan = z.infer<typeof PlanSchema>;

/** Where and how an amount becomes one that can be shown; between the records everything stays in ticks. */
export const RoundingSchema = z.strictObject({
  point: z.enum(['record', 'line', 'invoice']).default('invoice'),
  mode: z.enum(['half-up', 'half-even', 'down', 'up']).default('half-up'),
  quantumMicroEuro: z.int().min(1).max(1_000_000).default(10_000),
});
export type Rounding = z.infer<typeof RoundingSchema>;

/** One operator's price list: what a use costs from the day it is in force, and the plans that lines subscribe to. */
export const DeckSchema = z.strictObject({
  schema: z.literal('relais/deck/1'),
  id,
  version: z.int().min(1),
  /** Shown wherever a price of this deck is shown; decks shipped with the project say that they are examples. */
  label: z.string().min(1),
  /** First day of this version. */
  from: CivilDateSchema,
  tax: z.enum(['HT', 'TTC']).default('HT'),
  /** VAT in thousandths: 200 is 20 %. */
  vatPerMille: z.int().min(0).max(1000),
  rounding: RoundingSchema.prefault({}),
  voice: z.array(VoicePriceSchema).min(1),
  roamingVoice: z.array(RoamingVoicePriceSchema).default([]),
  sms: z.array(UnitPriceSchema).default([]),
  mms: z.array(UnitPriceSchema).default([]),
  fax: z.array(UnitPriceSchema).default([]),
  data: z.array(DataPriceSchema).default([]),
  plans: z.array(PlanSchema).min(1),
  /** Fee for re-opening a suspended service (C-5). */
  reopeningMicroEuro: fee.default(0),
});
export type Deck = z.infer<typeof DeckSchema>;
export type VoicePrice = z.infer<typeof VoicePriceSchema>;
export type RoamingVoicePrice = z.infer<typeof RoamingVoicePriceSchema>;
export type UnitPrice = z.infer<typeof UnitPriceSchema>;
export type DataPrice = z.infer<typeof DataPriceSchema>;
