import { z } from 'zod';

/** Destination classes known to the skeleton's decks. */
export const DESTINATION_CLASSES = [
  'emergency',
  'on-net',
  'geographic',
  'nomadic-09',
  'mobile',
  'overseas',
  'free-special',
  'ordinary-special',
  'premium-special',
  'short',
  'international',
  'satellite',
  'invalid',
] as const;
export type DestinationClass = (typeof DESTINATION_CLASSES)[number];

/** One line of a tariff deck: longest prefix wins; prefixes are E.164 without the plus ("33", "331"), or a short number as dialled. */
export const TariffEntrySchema = z.strictObject({
  prefix: z.string().regex(/^\d{1,15}$/),
  kind: z.enum(['e164', 'short']).default('e164'),
  name: z.string().min(1),
  class: z.enum(DESTINATION_CLASSES),
  /** Micro-euro per minute, HT: charged exactly per second (R-10, U-2). */
  perMinuteMicroEuro: z.int().min(0).max(1_000_000_000),
  /** Micro-euro per answered call, HT (M5 says when it is due). */
  perCallMicroEuro: z.int().min(0).max(1_000_000_000).default(0),
  /** Do seconds to this destination come from the bundle first? */
  inBundle: z.boolean().default(false),
});

export const TariffDeckSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{1,40}$/),
  version: z.int().min(1),
  /** Shown wherever a price of this deck is shown; decks shipped with the project say that they are examples. */
  label: z.string().min(1),
  entries: z.array(TariffEntrySchema).min(1),
});
export type TariffDeck = z.infer<typeof TariffDeckSchema>;
export type TariffEntry = z.infer<typeof TariffEntrySchema>;
