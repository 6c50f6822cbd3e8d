import { z } from 'zod';
import { ClassSchema, TerritorySchema, ZoneSchema } from '../../agent/model/destination.ts';
import type { Numbering } from '../../agent/model/numbering.ts';

/** "" or "15 16 17": prefixes of the national number, behind the country code. */
const prefixes = z.string().regex(/^(\d{1,12}( \d{1,12})*)?$/, 'prefixes of 1 to 12 digits, one space between them');
const code = z.string().regex(/^[1-9]\d{0,2}$/, 'a country code of ITU-T E.164, such as 49');

/**
 * The plans of the other countries (ITU-T E.164 and the national plans filed with ITU-T E.129). What is neither mobile
 * nor premium there is priced as fixed; so is every number of North America, where mobiles cannot be told apart.
 */
export const WorldSchema = z.strictObject({
  schema: z.literal('relais/world-numbering/1'),
  label: z.string().min(1),
  /** Codes of no country, such as satellite networks. */
  networks: z.array(
    z.strictObject({ code: z.string().regex(/^\d{1,7}$/), class: ClassSchema, name: z.string().min(1) }),
  ),
  countries: z.array(
    z.strictObject({
      territory: TerritorySchema,
      code,
      /** Where several territories share a code: those of this one. Absent: whatever no other territory has. */
      areas: prefixes.optional(),
      /** Fixed numbers within a mobile or premium prefix. */
      fixed: prefixes.optional(),
      mobile: prefixes.optional(),
      premium: prefixes.optional(),
      /** Fewest and most digits of the national number. */
      digits: z.tuple([z.int().min(1).max(14), z.int().min(1).max(14)]),
    }),
  ),
  zones: z.record(ZoneSchema, z.array(TerritorySchema).min(1)),
});
export type World = z.infer<typeof WorldSchema>;

/** Shortest and longest number of a network of no country, code included (ITU-T E.164 6.2). */
const NETWORK_DIGITS = [7, 15] as const;

/** The world part of a table: one row for each class of a territory, in the order of the source. */
export function worldRows({ networks, countries }: World): Numbering['world'] {
  const ofNetworks = networks.map(({ code, class: of }): WorldRow => [code, of, '', ...NETWORK_DIGITS]);
  return [...countries.flatMap(countryRows), ...ofNetworks];
}

type WorldRow = Numbering['world'][number];

function countryRows({
  territory,
  code,
  areas = '',
  fixed,
  mobile,
  premium,
  digits,
}: World['countries'][number]): WorldRow[] {
  const [fewest, most] = digits;
  const row = (of: WorldRow[1], national: string): WorldRow => [
    national
      .split(' ')
      .map((prefix) => code + prefix)
      .join(' '),
    of,
    territory,
    fewest + code.length,
    most + code.length,
  ];
  // An area that is mobile as a whole needs no row of its own.
  const special = new Set([fixed, mobile, premium].flatMap((part) => part?.split(' ') ?? []));
  const plain = areas.split(' ').filter((area) => !special.has(area));
  const fixedOnes = [...plain, ...(fixed?.split(' ') ?? [])].join(' ');
  return [
    ...(plain.length > 0 || fixed !== undefined ? [row('international-fixed', fixedOnes)] : []),
    ...(mobile === undefined ? [] : [row('international-mobile', mobile)]),
    ...(premium === undefined ? [] : [row('international-premium', premium)]),
  ];
}
