import type { ObjectType, Row, Values } from './object-type.ts';
import { typePath } from './object-type.ts';

/** What there is at the moment, as one controller may see it. */
export type Model = {
  readonly types: ReadonlyMap<string, ObjectType>;
  readonly rows: ReadonlyMap<string, Row>;
  /** Rows of a table by the table's path, in the order of their numbers. */
  readonly tables: ReadonlyMap<string, readonly Row[]>;
};

/** Objects without a `{i}` at the end are there wherever what holds them is. */
export function createModel(types: ReadonlyMap<string, ObjectType>, values: Readonly<Record<string, Values>>): Model {
  const rows = new Map<string, Row>();
  const add = (path: string, held: Values): void => {
    const type = types.get(typePath(path));
    if (type !== undefined) rows.set(path, { path, type, values: { ...initialOf(type), ...held } });
  };
  for (const [path, held] of Object.entries(values)) add(path, held);
  for (const path of types.keys()) if (!path.includes('{i}') && !rows.has(path)) add(path, {});
  for (const { path, attends } of types.values()) if (attends) attend(rows, path, add);
  return withTables(types, rows);
}

function attend(rows: ReadonlyMap<string, Row>, path: string, add: (path: string, held: Values) => void): void {
  const holder = path.slice(0, path.lastIndexOf('.', path.length - 2) + 1);
  const name = path.slice(holder.length);
  for (const { path: row, type } of [...rows.values()])
    if (type.path === holder && !rows.has(`${row}${name}`)) add(`${row}${name}`, {});
}

/** What a new row says where nobody says anything else. */
export const initialOf = ({ parameters = {} }: ObjectType): Values =>
  Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { initial }]) => (initial === undefined ? [] : [[name, initial]])),
  );

export function withTables(types: ReadonlyMap<string, ObjectType>, rows: ReadonlyMap<string, Row>): Model {
  const tables = new Map<string, Row[]>();
  for (const row of rows.values()) {
    const table = tableOf(row);
    if (table === undefined) continue;
    const known = tables.get(table);
    if (known === undefined) tables.set(table, [row]);
    else known.push(row);
  }
  for (const table of tables.values()) table.sort((one, other) => byPath(one.path, other.path));
  return { types, rows, tables };
}

/** The table that a row stands in; nothing for an object that is not one of many. */
export const tableOf = ({ path, type }: Row): string | undefined =>
  type.path.endsWith('.{i}.') ? path.slice(0, path.lastIndexOf('.', path.length - 2) + 1) : undefined;

/** The rows of this object and of everything below it, itself first. */
export function below(model: Model, path: string): readonly Row[] {
  return [...model.rows.values()]
    .filter((row) => row.path.startsWith(path))
    .toSorted((one, other) => byPath(one.path, other.path));
}

/** By name and, where numbers stand, by number. */
export function byPath(one: string, other: string): number {
  const [left, right] = [one.split('.'), other.split('.')];
  for (const [index, piece] of left.entries()) {
    const against = right[index];
    if (against === undefined) return 1;
    if (piece === against) continue;
    const numbers = /^\d+$/.test(piece) && /^\d+$/.test(against);
    if (numbers) return Number(piece) - Number(against);
    return piece < against ? -1 : 1;
  }
  return left.length - right.length;
}
