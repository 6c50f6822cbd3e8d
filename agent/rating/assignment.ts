/**
 * The cheapest way to give every row a column of its own (Hungarian method with potentials, after Kuhn and Munkres, in
 * O(rows² × columns)): the column of each row. There must be at least as many columns as rows; costs are whole and so
 * small that their sum is. Of several cheapest ways always the same one, by the order of rows and columns.
 */
export function assign(costs: readonly (readonly number[])[]): readonly number[] {
  const width = costs[0]?.length ?? 0;
  const at: Potentials = {
    rows: costs.map(() => 0),
    columns: Array.from({ length: width }, () => 0),
    rowOf: Array.from({ length: width }, () => NONE),
  };
  for (const row of costs.keys()) seat(row, costs, at);
  const columnOf = costs.map(() => NONE);
  for (const [column, row] of at.rowOf.entries()) if (row !== NONE) columnOf[row] = column;
  return columnOf;
}

const NONE = -1;

type Potentials = { readonly rows: number[]; readonly columns: number[]; readonly rowOf: number[] };

/** Seats one more row, by the cheapest chain of rows that each move on to another column (Dijkstra over columns). */
function seat(first: number, costs: readonly (readonly number[])[], at: Potentials): void {
  const width = at.columns.length;
  const least = Array.from({ length: width }, () => Number.MAX_SAFE_INTEGER);
  const cameFrom = Array.from({ length: width }, () => NONE);
  const reached: number[] = [];
  const isReached = Array.from({ length: width }, () => false);
  let row = first;
  let column = NONE;
  do {
    const next = nearest({ row, from: column, costs, at }, least, cameFrom, isReached);
    const step = least[next] ?? 0;
    at.rows[first] = (at.rows[first] ?? 0) + step;
    for (const one of reached) {
      const seated = at.rowOf[one] ?? NONE;
      at.rows[seated] = (at.rows[seated] ?? 0) + step;
      at.columns[one] = (at.columns[one] ?? 0) - step;
    }
    for (const [one, cost] of least.entries()) if (!isReached[one]) least[one] = cost - step;
    isReached[next] = true;
    reached.push(next);
    column = next;
    row = at.rowOf[next] ?? NONE;
  } while (row !== NONE);
  moveOn(first, column, cameFrom, at);
}

type Look = {
  readonly row: number;
  readonly from: number;
  readonly costs: readonly (readonly number[])[];
  readonly at: Potentials;
};

/** Looks at the columns from one row, and answers the cheapest that is not reached yet. */
function nearest(
  { row, from, costs, at }: Look,
  least: number[],
  cameFrom: number[],
  isReached: readonly boolean[],
): number {
  let best = NONE;
  for (const [column, cost] of (costs[row] ?? []).entries()) {
    if (isReached[column]) continue;
    const reduced = cost - (at.rows[row] ?? 0) - (at.columns[column] ?? 0);
    if (reduced < (least[column] ?? 0)) {
      least[column] = reduced;
      cameFrom[column] = from;
    }
    if (best === NONE || (least[column] ?? 0) < (least[best] ?? 0)) best = column;
  }
  return best;
}

function moveOn(first: number, last: number, cameFrom: readonly number[], at: Potentials): void {
  let column = last;
  while (column !== NONE) {
    const before = cameFrom[column] ?? NONE;
    at.rowOf[column] = before === NONE ? first : (at.rowOf[before] ?? NONE);
    column = before;
  }
}
