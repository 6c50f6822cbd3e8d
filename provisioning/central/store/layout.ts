import { Fault } from '../../../agent/model/fault.ts';
import type { Connection, Dialect } from './connection.ts';
import { layoutStatements } from './statements.ts';

/** Raised by every change of a table that is there already; a new table needs none. */
const LAYOUT = 1;

/**
 * Makes the tables, or checks that they are those that this software knows.
 * @throws Fault `ledger.layout` when newer software wrote the store, or it is older and nobody converts it.
 */
export async function prepareLayout(connection: Connection, dialect: Dialect): Promise<void> {
  const there = await tablesOf(connection, dialect);
  const found = await layoutOf(connection, there);
  if (found !== undefined && found !== LAYOUT) throw stranger(found);
  // What is there is not touched, not even by an IF NOT EXISTS: an index waits for everybody who writes just now.
  const missing = layoutStatements(dialect, there);
  if (missing.length === 0) return;
  await connection.run(dialect.begin);
  for (const statement of missing) await connection.run(statement);
  if (found === undefined) {
    await connection.run(`CREATE TABLE layout (version ${dialect.types.integer} NOT NULL)`);
    await connection.run('INSERT INTO layout (version) VALUES ($1)', [LAYOUT]);
  }
  await connection.run('COMMIT');
}

/**
 * For whoever only reads. Answers whether there is anything to read.
 * @throws Fault `ledger.layout` when the tables are not those that this software knows.
 */
export async function checkLayout(connection: Connection, dialect: Dialect): Promise<boolean> {
  const there = await tablesOf(connection, dialect);
  const found = await layoutOf(connection, there);
  if (found === undefined) return false;
  if (found !== LAYOUT || layoutStatements(dialect, there).length > 0) throw stranger(found);
  return true;
}

export async function tablesOf(connection: Connection, { tables }: Dialect): Promise<ReadonlySet<string>> {
  const rows = await connection.all<{ name: string }>(tables);
  return new Set(rows.map(({ name }) => name));
}

/** Undefined when the store is empty; 0 for the tables of before layouts were counted. */
async function layoutOf(connection: Connection, there: ReadonlySet<string>): Promise<number | undefined> {
  if (!there.has('layout')) return there.has('records') ? 0 : undefined;
  const [row] = await connection.all<{ version: number }>('SELECT version FROM layout');
  return row?.version ?? 0;
}

const stranger = (found: number): Fault =>
  new Fault('ledger.layout', {
    found,
    known: LAYOUT,
    remedy:
      found > LAYOUT ? 'start the newer software that wrote it' : 'start relais central on it once: it converts it',
  });
