import { assign } from '../assignment.ts';

/** What two records are compared by: an instant (Unix ms), and an id that no other record of its side has. */
export type Sighting = { readonly id: string; readonly at: number };

export type Pairing<A, B> = {
  /** The longest time between the starts of two records of one call, in milliseconds. */
  readonly reach: number;
  /** How far apart two records are, 0 to 10,000,000,000; undefined where they cannot be of one call. */
  readonly apart: (a: A, b: B) => number | undefined;
};

export type Pair<A, B> = { readonly a: A; readonly b: B };

/**
 * Pairs the records of two sides, one to one: as many pairs as possible, and of all such ways the one that is least
 * apart in sum. The same records give the same pairs in whatever order they come. In a row of more than 400 records that
 * are all within reach of the next, they are paired in the order of time instead.
 */
export function pairsOf<A extends Sighting, B extends Sighting>(
  all: readonly A[],
  others: readonly B[],
  rule: Pairing<A, B>,
): readonly Pair<A, B>[] {
  return rowsOf(all, others, rule.reach).flatMap((row) => (isLong(row) ? inOrder(row, rule) : closest(row, rule)));
}

type Row<A, B> = { readonly as: readonly A[]; readonly bs: readonly B[] };

const LONG_ROW = 400;
/** Dearer than any whole row of pairs. */
const NEVER = 5_000_000_000_000;

const isLong = <A, B>({ as, bs }: Row<A, B>): boolean => as.length + bs.length > LONG_ROW;

/** Records of different rows are out of reach of one another. Rows with one side only are left out. */
function rowsOf<A extends Sighting, B extends Sighting>(
  all: readonly A[],
  others: readonly B[],
  reach: number,
): readonly Row<A, B>[] {
  const as = all.toSorted(inTime);
  const bs = others.toSorted(inTime);
  const rows: Row<A, B>[] = [];
  let row: { as: A[]; bs: B[] } = { as: [], bs: [] };
  let last: number | undefined;
  for (let [a, b] = [0, 0]; a < as.length || b < bs.length; ) {
    const [left, right] = [as[a], bs[b]];
    const isLeft = right === undefined || (left !== undefined && left.at <= right.at);
    const at = isLeft ? (left?.at ?? 0) : (right?.at ?? 0);
    if (last !== undefined && at - last > reach) {
      rows.push(row);
      row = { as: [], bs: [] };
    }
    if (isLeft && left !== undefined) row.as.push(left);
    if (!isLeft && right !== undefined) row.bs.push(right);
    if (isLeft) a += 1;
    else b += 1;
    last = at;
  }
  return [...rows, row].filter((one) => one.as.length > 0 && one.bs.length > 0);
}

function closest<A, B>({ as, bs }: Row<A, B>, { apart }: Pairing<A, B>): readonly Pair<A, B>[] {
  const turned = as.length > bs.length;
  const cost = (a: A, b: B): number => apart(a, b) ?? NEVER;
  const costs = turned ? bs.map((b) => as.map((a) => cost(a, b))) : as.map((a) => bs.map((b) => cost(a, b)));
  return assign(costs).flatMap((column, row) => {
    const [a, b] = turned ? [as[column], bs[row]] : [as[row], bs[column]];
    return a === undefined || b === undefined || apart(a, b) === undefined ? [] : [{ a, b }];
  });
}

function inOrder<A extends Sighting, B extends Sighting>(
  { as, bs }: Row<A, B>,
  { apart }: Pairing<A, B>,
): readonly Pair<A, B>[] {
  const pairs: Pair<A, B>[] = [];
  let [i, j] = [0, 0];
  for (let [a, b] = [as[i], bs[j]]; a !== undefined && b !== undefined; [a, b] = [as[i], bs[j]]) {
    const fits = apart(a, b) !== undefined;
    if (fits) pairs.push({ a, b });
    if (fits || a.at <= b.at) i += 1;
    if (fits || a.at > b.at) j += 1;
  }
  return pairs;
}

const inTime = (a: Sighting, b: Sighting): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
