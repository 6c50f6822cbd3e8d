import type { Class } from '../../agent/model/destination.ts';
import type { Numbering } from '../../agent/model/numbering.ts';
import type { FrenchPlan } from './french-plan.ts';
import type { Block } from './majnum.ts';

type Meaning = { readonly class: Class; readonly territory: string };
/** Prefix → meaning, of all numbers with so many digits. */
type Ranges = ReadonlyMap<string, Meaning>;
type French = { readonly rows: Numbering['french']; readonly problems: readonly string[] };

/**
 * The French part of a table: the ranges of the plan, and the blocks that differ from their range. Blocks that agree
 * with their range say nothing new, and ten blocks that agree with each other are one. Each problem names its line.
 */
export function frenchRows(plan: FrenchPlan, blocks: readonly Block[]): French {
  const rows: Numbering['french'] = [];
  const problems = [...overlaps(blocks)];
  const lengths = new Set([...plan.ranges, ...blocks].map(({ digits }) => digits));
  for (const digits of [...lengths].sort((one, other) => other - one)) {
    const ranges = rangesOf(plan, digits);
    const exceptions = new Map<string, Meaning>();
    for (const block of blocks) {
      if (block.digits !== digits) continue;
      for (const prefix of [block.prefix, ...rangesWithin(ranges, block.prefix)]) {
        const range = longest(ranges, prefix);
        const meaning = meaningOf(block, range, plan);
        if (typeof meaning === 'string') problems.push(meaning);
        else if (range !== undefined && !same(meaning, range)) exceptions.set(prefix, meaning);
      }
    }
    rows.push(...rowsOf(merged(new Map([...ranges, ...exceptions])), digits));
  }
  return { rows, problems };
}

/** No number can be in two blocks: which of them is in force would be a guess. */
function overlaps(blocks: readonly Block[]): readonly string[] {
  const lines = new Map<string, number>();
  const problems: string[] = [];
  const wideFirst = blocks.toSorted((one, other) => one.prefix.length - other.prefix.length);
  for (const { line, prefix, digits } of wideFirst) {
    const covering = Array.from(prefix, (_, at) => lines.get(`${digits} ${prefix.slice(0, at + 1)}`));
    const outer = covering.find((one) => one !== undefined);
    if (outer !== undefined) problems.push(`line ${line}: block ${prefix} lies within the block of line ${outer}`);
    lines.set(`${digits} ${prefix}`, line);
  }
  return problems;
}

/** A block wider than some ranges decides for all of them. */
const rangesWithin = (ranges: Ranges, block: string): readonly string[] =>
  [...ranges.keys()].filter((prefix) => prefix.length > block.length && prefix.startsWith(block));

function rangesOf(plan: FrenchPlan, digits: number): Ranges {
  const ranges = plan.ranges.filter((range) => range.digits === digits);
  return new Map(
    ranges.flatMap((range) =>
      range.prefixes.split(' ').map((prefix) => [prefix, { class: range.class, territory: range.territory }] as const),
    ),
  );
}

function longest(ranges: Ranges, digits: string): Meaning | undefined {
  for (let length = digits.length; length > 0; length -= 1) {
    const meaning = ranges.get(digits.slice(0, length));
    if (meaning !== undefined) return meaning;
  }
  return undefined;
}

/** What the block's numbers are: the kind of its range, where ARCEP says that the block is used; or what is wrong. */
function meaningOf(block: Block, range: Meaning | undefined, plan: FrenchPlan): Meaning | string {
  const { line, prefix, digits, territory } = block;
  if (range === undefined) {
    return `line ${line}: block ${prefix} of ${digits} digits is in no range of the numbering plan: add its range to the plan`;
  }
  const iso = Object.entries(plan.territories).find(([name]) => name === territory)?.[1];
  if (iso === undefined) return `line ${line}: territory "${territory}" is unknown: add it to the plan's territories`;
  if (range.territory === '' || range.territory === iso) return range;
  const of = (iso === METROPOLITAN ? BY_OVERSEAS : BY_METROPOLITAN)[range.class] ?? range.class;
  return { class: range.territory === METROPOLITAN || iso === METROPOLITAN ? of : range.class, territory: iso };
}

const METROPOLITAN = 'FR';
/** A block of a metropolitan range that is used overseas. */
const BY_METROPOLITAN: Partial<Record<Class, Class>> = {
  geographic: 'overseas-fixed',
  mobile: 'overseas-mobile',
  'nomadic-09': 'overseas-09',
  'platform-09': 'overseas-09',
};
/** A block of an overseas range that is used in metropolitan France. */
const BY_OVERSEAS: Partial<Record<Class, Class>> = {
  'overseas-fixed': 'geographic',
  'overseas-mobile': 'mobile',
  'overseas-09': 'nomadic-09',
};

const same = (one: Meaning, other: Meaning): boolean => one.class === other.class && one.territory === other.territory;

/** Ten neighbors that are the same become their common prefix. */
function merged(ranges: Ranges): Ranges {
  const result = new Map(ranges);
  const byLength = [...ranges.keys()].sort((one, other) => other.length - one.length);
  const parents = new Set(
    byLength.flatMap((prefix) => Array.from(prefix, (_, at) => prefix.slice(0, prefix.length - 1 - at))),
  );
  for (const parent of [...parents].filter((prefix) => prefix !== '').sort((one, other) => other.length - one.length)) {
    const children = Array.from('0123456789', (digit) => parent + digit);
    const meanings = children.map((child) => result.get(child));
    const [first] = meanings;
    if (first === undefined || !meanings.every((meaning) => meaning !== undefined && same(meaning, first))) continue;
    for (const child of children) result.delete(child);
    result.set(parent, first);
  }
  return result;
}

function rowsOf(ranges: Ranges, digits: number): Numbering['french'] {
  const grouped = new Map<string, { readonly meaning: Meaning; readonly prefixes: string[] }>();
  for (const [prefix, meaning] of [...ranges].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const key = `${meaning.class} ${meaning.territory}`;
    const group = grouped.get(key) ?? { meaning, prefixes: [] };
    group.prefixes.push(prefix);
    grouped.set(key, group);
  }
  return [...grouped.values()].map(({ meaning, prefixes }) => [
    prefixes.join(' '),
    meaning.class,
    meaning.territory,
    digits,
  ]);
}
