import type { Dialect, Value } from './connection.ts';
import type { Keeping } from './rows.ts';
import { TABLES, type Table, type TableName } from './tables.ts';

export type Statement = { readonly sql: string; readonly values: readonly Value[] };
/** A row with its account and its position. */
export type Placed = { readonly keeping: Keeping; readonly account: string; readonly position: number };
type Columns = Readonly<Record<string, Value>>;

/** Places in one statement: SQLite takes 32,766, PostgreSQL 65,535. */
const MOST_VALUES = 10_000;

/** Makes what is not there. */
export function layoutStatements({ types }: Dialect): readonly string[] {
  const { text, integer } = types;
  const entries = Object.entries<Table>(TABLES);
  return [
    ...entries.map(([name, { columns, key }]) => {
      const all = Object.entries({ account: 'text', position: 'integer', ...columns } as const);
      const lines = all.map(([column, type]) => `${column} ${types[type]} NOT NULL`);
      return `CREATE TABLE IF NOT EXISTS ${name} (${lines.join(', ')}, PRIMARY KEY (${key.join(', ')}))`;
    }),
    ...entries
      .filter(([, { folded }]) => folded)
      .map(([name]) => `CREATE INDEX IF NOT EXISTS ${name}_by_position ON ${name} (account, position)`),
    `CREATE TABLE IF NOT EXISTS account_heads (account ${text} PRIMARY KEY, position ${integer} NOT NULL)`,
  ];
}

/** The statements that keep rows, as few as may be: rows of one table together, changes of what is there behind them. */
export function keepingStatements(rows: readonly Placed[]): readonly Statement[] {
  const added = new Map<TableName, Columns[]>();
  const changes: Statement[] = [];
  for (const { keeping, account, position } of rows) {
    if ('change' in keeping) changes.push(change(keeping));
    else {
      const columns = { account, position, ...keeping.columns };
      added.set(keeping.into, [...(added.get(keeping.into) ?? []), columns]);
    }
  }
  return [...[...added].flatMap(([name, columns]) => insertInto(name, columns)), ...changes];
}

/** @param rows all of one table, each with all its columns in the same order. */
export function insertInto(name: TableName, rows: readonly Columns[]): readonly Statement[] {
  const table: Table = TABLES[name];
  const names = Object.keys(rows[0] ?? {});
  const kept = table.again === 'replaces' ? newestOfEach(rows, table.key) : rows;
  const atATime = Math.floor(MOST_VALUES / names.length);
  return Array.from({ length: Math.ceil(kept.length / atATime) }, (_, page) => {
    const some = kept.slice(page * atATime, (page + 1) * atATime);
    const places = some.map((_row, row) => `(${names.map((_name, at) => `$${row * names.length + at + 1}`)})`);
    return {
      sql: `INSERT INTO ${name} (${names.join(', ')}) VALUES ${places.join(', ')}${otherwise(table, names)}`,
      values: some.flatMap((row) => names.map((column) => row[column] ?? null)),
    };
  });
}

function otherwise({ again, key }: Table, names: readonly string[]): string {
  if (again === 'refused') return '';
  if (again === 'ignored') return ' ON CONFLICT DO NOTHING';
  const set = names.filter((name) => !key.includes(name)).map((name) => `${name} = excluded.${name}`);
  return ` ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${set.join(', ')}`;
}

/** One statement may not replace the same row twice (PostgreSQL). */
function newestOfEach(rows: readonly Columns[], key: readonly string[]): readonly Columns[] {
  return [...new Map(rows.map((row) => [JSON.stringify(key.map((name) => row[name])), row])).values()];
}

function change({ change: name, set, where }: Extract<Keeping, { change: TableName }>): Statement {
  const assigned = Object.keys(set);
  const equals = (column: string, at: number): string => `${column} = $${at + 1}`;
  const wanted = Object.keys(where).map((column, at) => equals(column, assigned.length + at));
  return {
    sql: `UPDATE ${name} SET ${assigned.map(equals).join(', ')} WHERE ${wanted.join(' AND ')}`,
    values: [...Object.values(set), ...Object.values(where)],
  };
}
