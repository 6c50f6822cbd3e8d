import type { Destination } from '../../model/destination.ts';

/** U10: by `prefix`, 0262, 0590 and 0690 are national; by `territory`, only numbers of metropolitan France are. */
export type NationalBy = 'prefix' | 'territory';

/**
 * U10 (nexis art. 15): is it one of "01, 02, 03, 04, 05, 09, 06, 07"? Special numbers never are, nor special-service
 * mobiles (imesit 2.1). Numbers of the account itself count by how they begin. `class` is absent where no numbering table
 * was asked.
 */
export function isNational({ number, class: of, territory }: Readable, by: NationalBy): boolean {
  if (of === 'invalid' || of === 'mobile-special-service') return false;
  return (
    METROPOLITAN.test(number) || (by === 'prefix' && OVERSEAS.has(territory ?? '') && OVERSEAS_NUMBER.test(number))
  );
}

type Readable = Pick<Destination, 'number' | 'territory'> & Partial<Pick<Destination, 'class'>>;

/**
 * What the spelling alone tells of a French number in E.164 with plus, where there is no numbering table; undefined for any
 * other text. Numbers that no operator was given, and special-service mobiles, are not known by their spelling.
 */
export function readSpelling(number: string): Readable | undefined {
  if (FRENCH.test(number)) return { number, territory: 'FR' };
  const code = OVERSEAS_SPELLING.exec(number)?.[1];
  return code === undefined ? undefined : { number, territory: TERRITORIES[code] };
}

const METROPOLITAN = /^\+33[1-79]/;
const OVERSEAS_NUMBER = /^\+(?:262|508|590|594|596)/;
const OVERSEAS: ReadonlySet<string> = new Set(['GP', 'MQ', 'GF', 'RE', 'YT', 'PM']);

const FRENCH = /^\+33[1-9]\d{8,}$/;
/** Nine digits after the code, as at home; twelve or thirteen for machines; six where Saint-Pierre loses its own prefix abroad. */
const OVERSEAS_SPELLING = /^\+(262|508|590|594|596)(?:[1-79]\d{8}|7\d{11,12}|(?<=508)\d{6})$/;
/** One territory of each code: those that share one count alike. */
const TERRITORIES: Readonly<Record<string, string>> = { 262: 'RE', 508: 'PM', 590: 'GP', 594: 'GF', 596: 'MQ' };
