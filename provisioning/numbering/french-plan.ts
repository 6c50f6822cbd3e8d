import { z } from 'zod';
import { ClassSchema, TerritorySchema } from '../../agent/model/destination.ts';

const prefixes = z.string().regex(/^\d{1,15}( \d{1,15})*$/, 'prefixes of 1 to 15 digits, one space between them');

/**
 * The ranges of the French numbering plan. A range rates the numbers that no block of MAJNUM covers yet, so that a block
 * attributed tomorrow is not without a price; a block that differs from its range is an exception to it.
 */
export const FrenchPlanSchema = z.strictObject({
  schema: z.literal('relais/french-plan/1'),
  /** ARCEP's name of a territory → ISO 3166-1. */
  territories: z.record(z.string(), TerritorySchema),
  codes: z.record(TerritorySchema, z.string().regex(/^[1-9]\d{0,2}$/, 'a country code of ITU-T E.164, such as 33')),
  ranges: z.array(
    z.strictObject({
      prefixes,
      class: ClassSchema,
      /** Empty for short numbers, which are of no country. */
      territory: z.union([TerritorySchema, z.literal('')]),
      digits: z.int().min(2).max(15),
      /** The text that says so. */
      source: z.string().min(1),
    }),
  ),
});
export type FrenchPlan = z.infer<typeof FrenchPlanSchema>;
