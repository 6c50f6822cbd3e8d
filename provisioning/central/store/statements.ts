import type { Dialect, Statement, Value } from './connection.ts';
import type { Keeping } from './rows.ts';
import { DESK_TABLES, type DeskTable, type DeskTableName, TABLES, type Table, type TableName } from './tables.ts';

/** A row with its account and its position. */
export type Placed = { readonly keeping: Keeping; readonly account: string; readonly position: number };
type Columns = Readonly<Record<string, Value>>;

/** Places in one statement: SQLite takes 32,766, PostgreSQL 65,535. */
const MOST_VALUES = 10_000;

/** Makes the tables that are not there, each with its index. */
export function layoutStatements({ types }: Dialect, there: ReadonlySet<string>): readonly string[] {
  const create = (name: string, { columns, key }: DeskTable): string => {
    const lines = Object.entries(columns).map(([column, type]) => `${column} ${types[type]} NOT NULL`);
    return `CREATE TABLE ${name} (${lines.join(', ')}, PRIMARY KEY (${key.join(', ')}))`;
  };
  const ofAccounts = Object.entries<Table>(TABLES).flatMap(([name, table]) => {
    if (there.has(name)) return [];
    const columns = { account: 'text', position: 'integer', ...table.columns } as const;
    const index = table.folded ? [`CREATE INDEX ${name}_by_position ON ${name} (account, position)`] : [];
    return [create(name, { ...table, columns }), ...index];
  });
  const ofDesk = Object.entries<DeskTable>(DESK_TABLES).flatMap(([name, table]) => {
    if (there.has(name)) return [];
    const { found } = table;
    return [
      create(name, table),
      ...(found === undefined ? [] : [`CREATE INDEX ${name}_found ON ${name} (${found.join(', ')})`]),
    ];
  });
  const statements = [...ofAccounts, ...ofDesk];
  if (there.has(HEADS)) return statements;
  return [
    ...statements,
    `CREATE TABLE ${HEADS} (account ${types.text} PRIMARY KEY, position ${types.integer} NOT NULL,
       books ${types.integer} NOT NULL, records ${types.integer} NOT NULL)`,
  ];
}

const HEADS = 'account_heads';

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
export function insertInto(name: TableName | DeskTableName, rows: readonly Columns[]): readonly Statement[] {
  const table: DeskTable = { ...TABLES, ...DESK_TABLES }[name];
  const names = Object.keys(rows[0] ?? {});
  const kept = table.again === 'replaces' ? newestOfEach(rows, table.key) : rows;
  // One statement may not change the same row twice (PostgreSQL).
  const atATime = table.again === 'counts' ? 1 : Math.floor(MOST_VALUES / names.length);
  return Array.from({ length: Math.ceil(kept.length / atATime) }, (_, page) => {
    const some = kept.slice(page * atATime, (page + 1) * atATime);
    const places = some.map((_row, row) => `(${names.map((_name, at) => `$${row * names.length + at + 1}`)})`);
    return {
      sql: `INSERT INTO ${name} (${names.join(', ')}) VALUES ${places.join(', ')}${otherwise(name, table, names)}`,
      values: some.flatMap((row) => names.map((column) => row[column] ?? null)),
    };
  });
}

function otherwise(table: string, { again, key }: DeskTable, names: readonly string[]): string {
  if (again === 'refused') return '';
  if (again === 'ignored') return ' ON CONFLICT DO NOTHING';
  const changed = names.filter((name) => !key.includes(name) && !(again === 'counts' && name === 'first_at'));
  const set = changed.map((name) =>
    again === 'counts' && name === 'count' ? `count = ${table}.count + excluded.count` : `${name} = excluded.${name}`,
  );
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
