import { readDecisions } from './decisions.ts';
import type { DeskRow, IssuedStatement, KeptDecision, TakenFile } from './desk-words.ts';
import type { Value } from './store/connection.ts';
import type { StorePlace } from './store/open-store.ts';
import { openWriting } from './store/open-writing.ts';
import { insertInto } from './store/statements.ts';
import type { DeskTableName } from './store/tables.ts';

/** The billing desk's way to the store, beside a running service: files of host operators and statements. */
export type Desk = {
  /** Keeps a file with all its rows, or nothing at all: answers the file of the same content that was taken before. */
  takeFile(file: TakenFile, rows: readonly DeskRow[]): Promise<Taken | { readonly before: TakenFile }>;
  /** The statements that were issued, oldest first. */
  statements(account: string): Promise<readonly IssuedStatement[]>;
  /** Keeps a statement, unless one of its period or of a later one was issued: then answers that one. */
  issue(statement: IssuedStatement): Promise<IssuedStatement | undefined>;
  /** Keeps a decision behind all of the same use, whatever the clock does; answers the one that stands where it says the same. */
  decide(decision: KeptDecision): Promise<KeptDecision | undefined>;
  close(): Promise<void>;
};

/** How many records were not known yet. */
export type Taken = { readonly fresh: number };

const STATEMENTS =
  'SELECT account, period, starts AS start, closed, statement, at FROM statements WHERE account = $1 ORDER BY starts';
const BEFORE = 'SELECT hash, host, format, name, records, bad, at FROM host_files WHERE hash = $1';

/** Opens the store of a central that has run; undefined where none has. One statement at a time. */
export async function openDesk(place: StorePlace): Promise<Desk | undefined> {
  const writing = await openWriting(place);
  if (writing === undefined) return undefined;
  const { connection, begin, locks } = writing;

  /** A failure undoes everything: nothing is told that is not kept. */
  async function inOne<T>(work: () => Promise<T>): Promise<T> {
    await connection.run(begin);
    try {
      for (const lock of locks) await connection.run(lock);
      const answer = await work();
      // As a script, which sees to it that PostgreSQL did not answer it with a ROLLBACK.
      await connection.script([{ sql: 'COMMIT', values: [] }]);
      return answer;
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    }
  }

  async function keep(rows: readonly DeskRow[]): Promise<void> {
    const placed = rows.map(placeOf);
    for (const name of new Set(placed.map(({ into }) => into))) {
      const columns = placed.flatMap((one) => (one.into === name ? [one.columns] : []));
      for (const { sql, values } of insertInto(name, columns)) await connection.run(sql, values);
    }
  }

  return {
    takeFile: (file, rows) =>
      inOne(async () => {
        const [before] = await connection.all<TakenFile>(BEFORE, [file.hash]);
        if (before !== undefined) return { before };
        await keep([{ keep: 'host-file', ...file }, ...rows]);
        const sql = 'SELECT count(*) AS fresh FROM host_records WHERE file = $1';
        const [counted] = await connection.all<Taken>(sql, [file.hash]);
        return { fresh: counted?.fresh ?? 0 };
      }),
    statements: (account) => connection.all<IssuedStatement>(STATEMENTS, [account]),
    issue: (statement) =>
      inOne(async () => {
        const issued = await connection.all<IssuedStatement>(STATEMENTS, [statement.account]);
        const standing = issued.find(({ start }) => start >= statement.start);
        if (standing === undefined) await keep([{ keep: 'statement', ...statement }]);
        return standing;
      }),
    decide: (decision) =>
      inOne(async () => {
        const before = await readDecisions(connection, decision.account);
        const standing = before.findLast(({ id }) => id === decision.id);
        if (standing?.verdict === decision.verdict) return standing;
        const at = Math.max(decision.at, (standing?.at ?? 0) + 1);
        await keep([{ keep: 'decision', ...decision, at }]);
        return undefined;
      }),
    close: () => connection.close(),
  };
}

type Placed = { readonly into: DeskTableName; readonly columns: Readonly<Record<string, Value>> };

/** The one place that says what becomes of each kind of row, in both databases. */
function placeOf(row: DeskRow): Placed {
  switch (row.keep) {
    case 'host-file': {
      const { keep: _keep, ...columns } = row;
      return { into: 'host_files', columns };
    }
    case 'host-record': {
      const { id, content, file, fileLine, line, body, at } = row;
      return { into: 'host_records', columns: { id, content, file, file_line: fileLine, line, body, at } };
    }
    case 'host-bad': {
      const { file, fileLine, fileColumn, text, remedy } = row;
      return { into: 'host_bad_lines', columns: { file, file_line: fileLine, file_column: fileColumn, text, remedy } };
    }
    case 'decision': {
      const { account, id, verdict, by, why, at } = row;
      return { into: 'decisions', columns: { account, use_id: id, verdict, given_by: by, why, at } };
    }
    case 'statement': {
      const { account, period, start, closed, statement, at } = row;
      return { into: 'statements', columns: { account, period, starts: start, closed, statement, at } };
    }
  }
}
