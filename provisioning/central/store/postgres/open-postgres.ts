import { Fault } from '../../../../agent/model/fault.ts';
import { NO_RECORD_HASH } from '../../../../agent/model/record.ts';
import { MOST_CENTRALS } from '../../../broker/access-list.ts';
import type { CentralStore } from '../central-store.ts';
import type { Connection } from '../connection.ts';
import { holdAccount } from '../held-account.ts';
import { prepareLayout } from '../layout.ts';
import { readAccounts, readEntries, readGreeted } from '../read-books.ts';
import { openPostgresConnection, POSTGRES } from './connection.ts';

type PostgresStoreSettings = {
  readonly url: string;
  /** Accounts that this process may hold at once, each on a connection of its own. */
  readonly lanes?: number;
  /** The server takes an account away from a process that does nothing with it for so long (it hangs, or its host died). */
  readonly patienceMs?: number;
  readonly lost: (error: unknown) => void;
};

const LANES = 4;
const PATIENCE_MS = 10_000;
/** Our key space of advisory locks ("rela"). */
const LOCKS = 0x72_65_6c_61;
const LAYOUT_LOCK = 0;

/**
 * The central's store in a PostgreSQL database, which several processes share.
 * @throws Fault `ledger.settings` when it would not be durable, `ledger.layout` when newer software wrote it,
 *   `ledger.locked` when too many instances run, `ledger.io` when the server cannot be reached.
 */
export async function openPostgresStore(settings: PostgresStoreSettings): Promise<CentralStore> {
  const options = sessionOptions(settings.patienceMs ?? PATIENCE_MS);
  const opened: Connection[] = [];
  const open = async (name: string): Promise<Connection> => {
    const connection = await openPostgresConnection({ url: settings.url, name, options, lost: settings.lost });
    opened.push(connection);
    await checkSettings(connection);
    return connection;
  };
  const close = async (): Promise<void> => {
    for (const connection of opened) await connection.close();
  };
  try {
    const desk = await open('relais central');
    const instance = await claimInstance(desk);
    await makeLayout(desk);
    const numbers = Array.from({ length: settings.lanes ?? LANES }, (_, index) => index + 1);
    const lanes = await Promise.all(numbers.map((lane) => open(`relais central ${instance}, lane ${lane}`)));
    return { ...shared(desk, lanes), instance, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function shared(desk: Connection, lanes: Connection[]): Omit<CentralStore, 'instance' | 'close'> {
  const width = lanes.length;
  return {
    lanes: width,
    shared: true,
    hold: async (account, work) => {
      const connection = lanes.pop();
      if (connection === undefined) throw new Error(`more than ${width} accounts were to be held at once`);
      const answer = await holdAccount({ connection, dialect: POSTGRES }, account, work);
      // Not after a failure: that connection may stand in an open transaction, and nothing more may be asked of it.
      lanes.push(connection);
      return answer;
    },
    accounts: () => readAccounts(desk),
    entries: () => readEntries(desk),
    greeted: () => readGreeted(desk, NO_RECORD_HASH),
  };
}

/**
 * READ COMMITTED: a statement sees what was committed when it began, so behind the lock of an account everything that its
 * holder before kept is seen. A snapshot of the whole transaction would be older than the lock.
 */
export const sessionOptions = (patienceMs: number): Readonly<Record<string, string>> => ({
  synchronous_commit: 'on',
  default_transaction_isolation: 'read\\ committed',
  statement_timeout: '30s',
  lock_timeout: '30s',
  idle_in_transaction_session_timeout: `${patienceMs}ms`,
  // A host that died without a word is noticed within half a minute.
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
});

/** What durability and the locks depend on, read back; `fsync` and `full_page_writes` are the server's own. */
const REQUIRED = {
  synchronous_commit: 'on',
  fsync: 'on',
  full_page_writes: 'on',
  default_transaction_isolation: 'read committed',
  transaction_read_only: 'off',
  server_encoding: 'UTF8',
} as const;

async function checkSettings(connection: Connection): Promise<void> {
  const asked = Object.keys(REQUIRED).map((name) => `current_setting('${name}') AS ${name}`);
  const [found] = await connection.all<Record<string, string>>(`SELECT ${asked.join(', ')}`);
  for (const [name, wanted] of Object.entries(REQUIRED)) {
    if (found?.[name] !== wanted) throw new Fault('ledger.settings', { name, wanted, found: found?.[name] });
  }
}

/** The first free number. It is free again when the process is gone, for the server ends its session with it. */
async function claimInstance(desk: Connection): Promise<number> {
  for (let instance = 1; instance <= MOST_CENTRALS; instance += 1) {
    const sql = 'SELECT pg_try_advisory_lock($1, $2) AS taken';
    const [row] = await desk.all<{ taken: boolean }>(sql, [LOCKS, instance]);
    if (row?.taken) return instance;
  }
  throw new Fault('ledger.locked', { most: MOST_CENTRALS, remedy: 'no more instances than that share one store' });
}

export async function makeLayout(desk: Connection): Promise<void> {
  await desk.run('SELECT pg_advisory_lock($1, $2)', [LOCKS, LAYOUT_LOCK]);
  await prepareLayout(desk, POSTGRES);
  await desk.run('SELECT pg_advisory_unlock($1, $2)', [LOCKS, LAYOUT_LOCK]);
}
