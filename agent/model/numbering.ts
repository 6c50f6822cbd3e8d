import { z } from 'zod';
import { CivilDateSchema } from './deck.ts';
import { ClassSchema, TerritorySchema, ZoneSchema } from './destination.ts';

/** "0262 0263": one or more prefixes of one row; one string, because the table travels inside each site's configuration. */
const PrefixesSchema = z.string().regex(/^\d{1,15}( \d{1,15})*$/, 'prefixes of 1 to 15 digits, one space between them');
/** Empty for numbers of no country: short, satellite, universal. */
const RowTerritorySchema = z.union([TerritorySchema, z.literal('')]);
const CallingCodeSchema = z.string().regex(/^[1-9]\d{0,2}$/, 'a country code of ITU-T E.164, such as 33');

/** Numbers as they are dialled in France ("0262…", "3114"): the whole number has exactly `digits` digits. */
const FrenchRowSchema = z.tuple([
  PrefixesSchema.describe('prefixes as dialled in France'),
  ClassSchema,
  RowTerritorySchema,
  z.int().min(2).max(15).describe('digits of the whole number as dialled'),
]);

/** Numbers of the other plans in E.164 without plus; both bounds count the country code (ITU-T E.164 6.2.1: 15 at most). */
const WorldRowSchema = z.tuple([
  PrefixesSchema.describe('prefixes in E.164 without plus'),
  ClassSchema,
  RowTerritorySchema,
  z.int().min(4).max(15).describe('fewest digits, country code included'),
  z.int().min(4).max(15).describe('most digits, country code included'),
]);

/**
 * One compiled numbering table: which class and territory each number has from a day on. Longest prefix wins; a
 * number of no row, or of another length, has no block. The emergency numbers are not in it: they are no matter of any
 * table (V-1). A call is classified with the table in force at its start.
 */
export const NumberingSchema = z
  .strictObject({
    schema: z.literal('relais/numbering/1'),
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'lower-case letters, digits and dashes'),
    /** First day on which calls are classified with it. */
    from: CivilDateSchema,
    /** Where the rows come from; shown wherever a classification is explained. */
    label: z.string().min(1).max(400),
    french: z.array(FrenchRowSchema).min(1),
    /** Country code of each territory of the French plan: a number of Réunion is +262 abroad, not +33. */
    codes: z.record(TerritorySchema, CallingCodeSchema),
    world: z.array(WorldRowSchema).min(1),
    /** Territories of each zone that prices and ceilings speak of, "eea" among them. */
    zones: z.record(ZoneSchema, z.array(TerritorySchema).min(1)),
  })
  .superRefine((table, context) => {
    for (const [part, rows] of [
      ['french', table.french.map(([prefixes, , , digits]) => [prefixes, ` of ${digits} digits`] as const)],
      ['world', table.world.map(([prefixes]) => [prefixes, ''] as const)],
    ] as const) {
      const all = rows.flatMap(([prefixes, kind]) => prefixes.split(' ').map((prefix) => `${prefix}${kind}`));
      const twice = all.filter((prefix, index) => all.indexOf(prefix) !== index);
      if (twice.length > 0)
        context.addIssue({ code: 'custom', path: [part], message: `${twice.join(', ')} stands twice` });
    }
    for (const [index, [, , territory]] of table.french.entries()) {
      if (territory === '' || Object.hasOwn(table.codes, territory)) continue;
      context.addIssue({
        code: 'custom',
        path: ['french', index],
        message: `codes has no country code for ${territory}`,
      });
    }
  });
export type Numbering = z.infer<typeof NumberingSchema>;
