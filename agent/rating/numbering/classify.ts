import type { Class, Destination } from '../../model/destination.ts';
import type { Numbering } from '../../model/numbering.ts';
import { never } from '../never.ts';
import { createPrefixIndex, find, type PrefixIndex } from '../prefix-index.ts';
import { readDialled } from './dialled.ts';

/**
 * Class and territory of a number, however it is dialled. Emergency first, whatever the table says (V-1, M8); then
 * the longest prefix of the table whose numbers have that many digits; else 'invalid', with the text as it was read.
 * `selection` are the digits that the site dials for an outside line (see readDialled). Never throws on any text.
 */
export function classify(dialled: string, numbering: Numbering, selection: readonly string[] = []): Destination {
  const read = readDialled(dialled, selection);
  switch (read.is) {
    case 'emergency':
      return { number: read.number, class: 'emergency', territory: undefined };
    case 'short':
      return shortNumber(read.digits, numbering);
    case 'national':
      return frenchNumber(read.digits, numbering, undefined) ?? invalid(read.text);
    case 'international':
      return international(read.digits, numbering);
    case 'unreadable':
      return invalid(read.text);
    default:
      return never(read);
  }
}

/** V-1: decided without any table, so that it holds before one is there. */
export const isEmergency = (dialled: string, selection: readonly string[] = []): boolean =>
  readDialled(dialled, selection).is === 'emergency';

/** Every territory is in it, whatever a table says; prices for it are for all that is in no zone before it. */
const WORLD = 'world';

/** Is the territory a member of the zone, by this table? Numbers of no country are in no zone, and an unknown zone is empty. */
export function inZone(territory: string | undefined, zone: string, numbering: Numbering): boolean {
  if (territory === undefined) return false;
  return zone === WORLD || (prepared(numbering).zones.get(zone)?.has(territory) ?? false);
}

/** The zones that prices and plans may name with this table. */
export const zonesOf = (numbering: Numbering): readonly string[] => [...Object.keys(numbering.zones), WORLD];

/** 0508 41 00 00 is +508 41 00 00: the fixed numbers of Saint-Pierre-et-Miquelon lose their own prefix abroad. */
const SAINT_PIERRE = '508';

const invalid = (number: string): Destination => ({ number, class: 'invalid', territory: undefined });

function shortNumber(digits: string, numbering: Numbering): Destination {
  const row = rowOf(prepared(numbering).french.get(digits.length), digits);
  return row === undefined ? invalid(digits) : { number: digits, class: row.class, territory: row.territory };
}

/** `from`: the country code that was dialled; a number of another code is none. Absent: dialled as in France. */
function frenchNumber(national: string, numbering: Numbering, from: string | undefined): Destination | undefined {
  const { french, codes } = prepared(numbering);
  const row = rowOf(french.get(national.length), national);
  const code = codes.get(row?.territory ?? '');
  if (row === undefined || code === undefined || (from !== undefined && code !== from)) return undefined;
  const digits = national.slice(1);
  const number = code === SAINT_PIERRE && digits.startsWith(SAINT_PIERRE) ? `+${digits}` : `+${code}${digits}`;
  return { number, class: row.class, territory: row.territory };
}

function international(digits: string, numbering: Numbering): Destination {
  const { world, codes } = prepared(numbering);
  for (const code of codes.values()) {
    if (!digits.startsWith(code)) continue;
    const rest = digits.slice(code.length);
    // As everybody dials it; as Saint-Pierre does; and with the 0 that is dialled at home: "+262 (0)692 …".
    const forms = [`0${rest}`, ...(code === SAINT_PIERRE ? [`0${SAINT_PIERRE}${rest}`] : []), rest];
    for (const form of forms) {
      const found = frenchNumber(form, numbering, code);
      if (found !== undefined) return found;
    }
    return invalid(`+${digits}`);
  }
  const row = rowOf(world, digits);
  if (row === undefined || digits.length < row.fewest || digits.length > row.most) return invalid(`+${digits}`);
  return { number: `+${digits}`, class: row.class, territory: row.territory };
}

/** One row of the table: both bounds count every digit of the number as the index sees it. */
type Row = {
  readonly class: Class;
  readonly territory: string | undefined;
  readonly fewest: number;
  readonly most: number;
};
type Part = { readonly rows: readonly Row[]; readonly index: PrefixIndex };
type Prepared = {
  /** By the digits of the whole number: "3114" and the five digits of "31140" are of two plans. */
  readonly french: ReadonlyMap<number, Part>;
  readonly world: Part;
  readonly codes: ReadonlyMap<string, string>;
  readonly zones: ReadonlyMap<string, ReadonlySet<string>>;
};

function rowOf(part: Part | undefined, digits: string): Row | undefined {
  const at = part === undefined ? undefined : find(part.index, digits);
  return at === undefined ? undefined : part?.rows[at];
}

// A table never changes once it is read, so its index is only remembered, never state: the answer is the same without it.
const memory = new WeakMap<Numbering, Prepared>();

function prepared(numbering: Numbering): Prepared {
  const known = memory.get(numbering);
  if (known !== undefined) return known;
  const lengths = new Set(numbering.french.map(([, , , digits]) => digits));
  const ofLength = (length: number): Part =>
    partOf(
      numbering.french.flatMap(([prefixes, of, territory, digits]) =>
        digits === length ? [[prefixes, of, territory, digits, digits] as const] : [],
      ),
    );
  const made: Prepared = {
    french: new Map([...lengths].map((length) => [length, ofLength(length)])),
    world: partOf(numbering.world),
    codes: new Map(Object.entries(numbering.codes)),
    zones: new Map(Object.entries(numbering.zones).map(([zone, members]) => [zone, new Set(members)])),
  };
  memory.set(numbering, made);
  return made;
}

type WorldRow = readonly [prefixes: string, of: Class, territory: string, fewest: number, most: number];

function partOf(rows: readonly WorldRow[]): Part {
  return {
    rows: rows.map(([, of, territory, fewest, most]) => ({
      class: of,
      territory: territory === '' ? undefined : territory,
      fewest,
      most,
    })),
    index: createPrefixIndex(
      rows.flatMap(([prefixes], row) => prefixes.split(' ').map((prefix) => [prefix, row] as const)),
    ),
  };
}
