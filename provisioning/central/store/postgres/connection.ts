import pg from 'pg';
import { Fault } from '../../../../agent/model/fault.ts';
import type { Connection, Dialect, Value } from '../connection.ts';

export const POSTGRES: Dialect = {
  begin: 'BEGIN',
  beginReading: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
  forUpdate: ' FOR UPDATE',
  // Names sort by code units, as in SQLite and in our own code.
  types: { text: 'TEXT COLLATE "C"', integer: 'BIGINT' },
  tableExists: 'SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename = $1',
};

type PostgresSettings = {
  /** postgresql://user:password@host:5432/database; the password is never told to anybody but the server. */
  readonly url: string;
  /** What the server shows of us in pg_stat_activity. */
  readonly name: string;
  /** Set for the session. */
  readonly options: Readonly<Record<string, string>>;
  /** The connection is gone: whatever it held is free for others. */
  readonly lost?: (error: Fault) => void;
};

const BIGINT = 20;
const NUL = '\u0000';

/**
 * One connection to PostgreSQL. It is never opened again: what stood in an open transaction is undone by the server, and
 * whether a COMMIT whose answer was lost took place can only be read anew.
 * @throws Fault `ledger.io` when the server cannot be reached or refuses.
 */
export async function openPostgresConnection({ url, name, options, lost }: PostgresSettings): Promise<Connection> {
  const client = createClient(url, name, options);
  let closing = false;
  const gone = (why: string): void => {
    if (!closing) lost?.(new Fault('ledger.io', { what: `connection to ${placeOf(url)}`, why }));
  };
  client.on('error', (error) => gone(error.message));
  client.on('end', () => gone('the connection ended'));
  try {
    await client.connect();
  } catch (error) {
    closing = true;
    throw failure(`connection to ${placeOf(url)}`, error);
  }
  const query = async <T extends object>(sql: string, values: readonly Value[] = []): Promise<pg.QueryResult<T>> => {
    try {
      return await client.query<T>(sql, values.map(storable));
    } catch (error) {
      throw failure(sql, error);
    }
  };
  return {
    run: async (sql, values) => {
      const { command } = await query(sql, values);
      // A transaction that failed before answers a COMMIT with ROLLBACK, and no error.
      if (sql === 'COMMIT' && command !== 'COMMIT') throw new Fault('ledger.io', { what: sql, why: command });
    },
    all: async <T>(sql: string, values?: readonly Value[]) => (await query<T & object>(sql, values)).rows,
    close: async () => {
      closing = true;
      await client.end();
    },
  };
}

function createClient(url: string, name: string, options: Readonly<Record<string, string>>): pg.Client {
  const set = Object.entries(options).map(([option, value]) => `-c ${option}=${value}`);
  try {
    return new pg.Client({
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      options: set.join(' '),
      types: { getTypeParser: (type, format) => (type === BIGINT ? whole : pg.types.getTypeParser(type, format)) },
    });
  } catch {
    // The error of a wrong URL holds the URL, and so the password.
    throw new Fault('config.refused', {
      field: 'DATABASE_URL',
      remedy: 'postgresql://USER:PASSWORD@HOST:5432/DATABASE',
    });
  }
}

/** Every amount and count that is kept is a safe integer; another one was not written by us. */
function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a safe integer in the store: ${text}`);
  return value;
}

/** PostgreSQL keeps every character but U+0000, which no record that was taken can hold: its form escapes it. */
const storable = (value: Value): Value => (typeof value === 'string' ? value.replaceAll(NUL, '\ufffd') : value);

/** Host and database, without user and password. */
export function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'PostgreSQL';
  const { hostname, pathname, searchParams } = new URL(url);
  return `${searchParams.get('host') ?? hostname}${pathname}`;
}

const LONGEST = 120;

function failure(sql: string, cause: unknown): Fault {
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new Fault('ledger.io', { what: sql.slice(0, LONGEST), why }, { cause });
}
