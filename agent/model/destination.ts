import { z } from 'zod';

/**
 * Classes of destination: the smallest set that prices all five contracts. The numbering table says which class
 * a number has; a price list says what the class costs.
 */
export const CLASSES = [
  /** V-1: ARCEP's list of twelve; never counted, charged, refused or cut. */
  'emergency',
  /** 3114, 3919, 116XYZ off the emergency list: social helplines, free. */
  'helpline',
  /** 0800–0805, 30PQ, 31PQ: free for the caller, and no use of the bundle. */
  'free-special',
  /** 0806–0809: billed as a geographic call, inside bundles and unlimited plans. */
  'ordinary-special',
  /** 081, 082, 089, 32PQ, 34PQ, 36PQ, 39PQ: the tier of one number comes from the price list. */
  'premium-special',
  /** 118XYZ */
  'directory',
  /** 10XY and other short numbers. */
  'short',
  /** 01–05 in metropolitan France, and 09 blocks that are "polyvalent vérifié". */
  'geographic',
  /** The other 09. */
  'nomadic-09',
  /** 0937, 0938, 0939: technical platforms. */
  'platform-09',
  'mobile',
  /** "Mobility, Pager, Perso, Alternative" (imesit, cmi): only a price list can name them. */
  'mobile-special-service',
  /** 13- and 14-digit numbers 07000…07009. */
  'm2m',
  'overseas-fixed',
  'overseas-mobile',
  'overseas-09',
  /** A number of the account itself, on the operator's network. */
  'on-net',
  /** A mobile of the client's own fleet. */
  'own-fleet',
  'voicemail',
  'international-fixed',
  'international-mobile',
  /** +870, +881, +882, +883 */
  'satellite',
  /** +800, +808, +979 */
  'universal',
  /** Surcharged numbers of a foreign plan. */
  'international-premium',
  /** No block of any plan: there is no way out, and no price. */
  'invalid',
] as const;
export type Class = (typeof CLASSES)[number];
export const ClassSchema = z.enum(CLASSES);

/**
 * Where a number lies: ISO 3166-1 alpha-2 ("FR", "DE", "GP" for Guadeloupe, St Martin and St Barthélemy, "RE", "YT", "PM" …).
 * Absent for numbers of no country: emergency, short, satellite, universal.
 */
export const TerritorySchema = z.string().regex(/^[A-Z]{2}$/, 'an ISO 3166-1 alpha-2 code such as FR');

/** Zones that prices and ceilings speak of; the members of each are data of the numbering table. */
export const ZoneSchema = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'a zone of the numbering table, such as "eea"');

/** One number as the numbering table sees it. */
export type Destination = {
  /** E.164 with plus, or a short number itself. */
  readonly number: string;
  readonly class: Class;
  readonly territory: string | undefined;
};

const prefix = z.strictObject({
  prefix: z.string().regex(/^[1-9]\d{0,14}$/, 'digits in E.164 form without plus, such as 331'),
});
const short = z.strictObject({ short: z.string().regex(/^\d{1,6}$/, 'a short number as dialled') });
const ofClass = z
  .strictObject({ class: ClassSchema, territory: TerritorySchema.optional(), zone: ZoneSchema.optional() })
  .refine(({ territory, zone }) => territory === undefined || zone === undefined, {
    error: 'a territory or a zone, not both',
    path: ['zone'],
  });

/**
 * What one price is for: the longest prefix or short number that a number begins with; else its class in its
 * territory, in a zone, or anywhere, in this order.
 */
export const PriceSelectorSchema = z.union([prefix, short, ofClass]);
export type PriceSelector = z.infer<typeof PriceSelectorSchema>;

/**
 * Which destinations something is meant for. `prefix` is in E.164 without plus, `short` as dialled; both by longest
 * match. `national` is U10: by prefix, so that 0262, 0590 and 0690 count as national.
 */
export const SelectorSchema = z.union([prefix, short, ofClass, z.strictObject({ national: z.literal(true) })]);
export type Selector = z.infer<typeof SelectorSchema>;
