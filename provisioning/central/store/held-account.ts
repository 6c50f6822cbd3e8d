import type { Countersignature } from '../witness.ts';
import type { HeldAccount, KeptSnapshot, Range } from './central-store.ts';
import type { Connection, Dialect } from './connection.ts';
import { readBooks } from './read-books.ts';
import { keepingOf } from './rows.ts';
import { insertInto, keepingStatements } from './statements.ts';
import { TABLES, type TableName } from './tables.ts';

/**
 * One transaction over one account. Its row in `account_heads` is the lock: whoever has it reads everything that the
 * holder before committed, because each statement sees what was committed when it began (READ COMMITTED).
 * A failure leaves the transaction open on purpose: the process ends, and the database undoes it.
 */
export async function holdAccount<T>(
  { connection, dialect }: { readonly connection: Connection; readonly dialect: Dialect },
  account: string,
  work: (held: HeldAccount) => Promise<T>,
): Promise<T> {
  const head = await takeHead(connection, dialect, account);
  let { position, books, records } = head;
  let changed = false;
  const answer = await work({
    ...head,
    ...readers(connection, account),
    keep: async (rows) => {
      const placed = rows.map((row, index) => ({ keeping: keepingOf(row), account, position: position + index + 1 }));
      for (const { sql, values } of keepingStatements(placed)) await connection.run(sql, values);
      const newest = (is: (table: TableName) => boolean): number =>
        placed.findLast(({ keeping }) => 'into' in keeping && is(keeping.into))?.position ?? 0;
      books = Math.max(books, newest(isBook));
      records = Math.max(
        records,
        newest((table) => table === 'records'),
      );
      position += rows.length;
      changed ||= rows.length > 0;
      return position;
    },
    keepSnapshot: async (snapshot) => {
      for (const { sql, values } of insertInto('snapshots', [{ account, ...snapshot }]))
        await connection.run(sql, values);
      changed = true;
    },
  });
  const moved = 'UPDATE account_heads SET position = $1, books = $2, records = $3 WHERE account = $4';
  if (changed) await connection.script([{ sql: moved, values: [position, books, records, account] }, COMMIT]);
  else await connection.run('ROLLBACK');
  return answer;
}

const COMMIT = { sql: 'COMMIT', values: [] } as const;
const isBook = (table: TableName): boolean => TABLES[table].folded && table !== 'records';

async function takeHead(connection: Connection, { begin, forUpdate }: Dialect, account: string): Promise<Head> {
  const take = {
    sql: `SELECT position, books, records FROM account_heads WHERE account = $1${forUpdate}`,
    values: [account],
  };
  const make = {
    sql: 'INSERT INTO account_heads (account, position, books, records) VALUES ($1, 0, 0, 0) ON CONFLICT DO NOTHING',
    values: [account],
  };
  const [head] = await connection.script<Head>([{ sql: begin, values: [] }, take]);
  if (head !== undefined) return head;
  const [made] = await connection.script<Head>([make, take]);
  return made ?? { position: 0, books: 0, records: 0 };
}

type Head = Pick<HeldAccount, 'position' | 'books' | 'records'>;
type Readers = Omit<HeldAccount, keyof Head | 'keep' | 'keepSnapshot'>;

const RANGE = 'FROM records WHERE device = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4 ORDER BY seq';
const valuesOf = ({ device, epoch, from, to }: Range) => [device, epoch, from, to];

function readers(connection: Connection, account: string): Readers {
  return {
    booksAfter: (after) => readBooks(connection, account, after),
    recordsAfter: (after, limit) =>
      connection.all(
        `SELECT device, epoch, seq, hash, body, position FROM records
         WHERE account = $1 AND position > $2 ORDER BY position LIMIT $3`,
        [account, after, limit],
      ),
    hashes: async (range) => {
      const rows = await connection.all<{ hash: string }>(`SELECT hash ${RANGE}`, valuesOf(range));
      return rows.map(({ hash }) => hash);
    },
    bodies: async (range) => {
      const rows = await connection.all<{ body: string }>(`SELECT body ${RANGE}`, valuesOf(range));
      return rows.map(({ body }) => body);
    },
    countersignatures: async ({ device, epoch, size }) => {
      const around = `SELECT device, epoch, size, root, frontier, note, at FROM countersignatures
        WHERE device = $1 AND epoch = $2 AND size`;
      const place = [device, epoch, size];
      const [before] = await connection.all<Countersignature>(`${around} < $3 ORDER BY size DESC LIMIT 1`, place);
      const [after] = await connection.all<Countersignature>(`${around} >= $3 ORDER BY size LIMIT 1`, place);
      return { before, after };
    },
    snapshot: async () => {
      const sql = 'SELECT position, digest, state FROM snapshots WHERE account = $1';
      const [snapshot] = await connection.all<KeptSnapshot>(sql, [account]);
      return snapshot;
    },
  };
}
