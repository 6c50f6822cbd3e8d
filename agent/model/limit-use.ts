import { z } from 'zod';
import { ClassSchema } from './destination.ts';
import { UsageSchema } from './usage.ts';

/** A use as the limits see it: the record, and what numbering table and price list said of it. */
export const LimitUseSchema = z.strictObject({
  use: UsageSchema,
  /** What it came to, in 1/60 micro-euro excluding VAT; a credit note is negative. */
  ticks: z.int().default(0),
  /** Of the other party; an emergency call counts nowhere (V-1). */
  class: ClassSchema.optional(),
  /** The other party as the numbering table writes it; absent: as the record spells it. */
  number: z.string().max(200).optional(),
  /** The card that was used (ICCID). */
  card: z.string().min(1).max(30).optional(),
  /** Seconds that a fax kept its line. */
  lasted: z.int().min(0).max(10_000_000).optional(),
  /** Inside an unlimited international option. */
  option: z.boolean().default(false),
});
export type LimitUse = z.infer<typeof LimitUseSchema>;
