import type { Countersignature } from '../witness.ts';
import type { HeldAccount, KeptSnapshot, Range } from './central-store.ts';
import type { Connection, Dialect } from './connection.ts';
import { readBooks } from './read-books.ts';
import { keepingOf } from './rows.ts';
import { insertInto, keepingStatements } from './statements.ts';

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
  await connection.run(dialect.begin);
  const position = await takeHead(connection, dialect, account);
  let last = position;
  let changed = false;
  const answer = await work({
    position,
    ...readers(connection, account),
    keep: async (rows) => {
      const placed = rows.map((row, index) => ({ keeping: keepingOf(row), account, position: last + index + 1 }));
      for (const { sql, values } of keepingStatements(placed)) await connection.run(sql, values);
      last += rows.length;
      changed ||= rows.length > 0;
      return last;
    },
    keepSnapshot: async (snapshot) => {
      for (const { sql, values } of insertInto('snapshots', [{ account, ...snapshot }]))
        await connection.run(sql, values);
      changed = true;
    },
  });
  if (changed) await connection.run('UPDATE account_heads SET position = $1 WHERE account = $2', [last, account]);
  await connection.run(changed ? 'COMMIT' : 'ROLLBACK');
  return answer;
}

async function takeHead(connection: Connection, { forUpdate }: Dialect, account: string): Promise<number> {
  const take = `SELECT position FROM account_heads WHERE account = $1${forUpdate}`;
  const [head] = await connection.all<{ position: number }>(take, [account]);
  if (head !== undefined) return head.position;
  await connection.run('INSERT INTO account_heads (account, position) VALUES ($1, 0) ON CONFLICT DO NOTHING', [
    account,
  ]);
  const [made] = await connection.all<{ position: number }>(take, [account]);
  return made?.position ?? 0;
}

type Readers = Omit<HeldAccount, 'position' | 'keep' | 'keepSnapshot'>;

const RANGE = 'FROM records WHERE device = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4 ORDER BY seq';
const valuesOf = ({ device, epoch, from, to }: Range) => [device, epoch, from, to];

function readers(connection: Connection, account: string): Readers {
  return {
    books: (after) => readBooks(connection, account, after),
    records: (after, limit) =>
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
