import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig, sha256hex } from '../edge/load-config.ts';
import { openSqliteStore } from '../edge/sqlite-store.ts';
import { noteOpenCall, type OpenCalls } from '../machines/call/recover.ts';
import { erasedHash } from '../model/erased.ts';
import { Fault, isFault } from '../model/fault.ts';
import { type LedgerRecord, NO_RECORD_HASH, RecordSchema } from '../model/record.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { RecordStore, StoredRecord } from '../ports/record-store.ts';
import type { Charge } from '../rating/credit/charge.ts';
import { contractOf } from '../rating/credit/contract.ts';
import { emptySiteAccount, foldRecord } from '../rating/credit/site-account.ts';
import { explain } from './agent-command.ts';
import { ledgerStatus } from './ledger-status.ts';

export const LEDGER_USAGE = `usage: relais ledger list   --config BOX.json   every record, one JSON line each, as it was hashed
       relais ledger report --config BOX.json   records, calls and charges of the box, as one JSON object
       relais ledger status --config BOX.json   epoch, size, receipts, damage, room, wear and settings of the store

For list and report the agent must not be running: it holds the ledger alone. status says what it can beside it.
A store found damaged is moved to the directory "quarantine" beside it, as the agent would do; nothing is deleted.
`;

export async function runLedgerCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { config: { type: 'string' } },
  });
  const [what] = positionals;
  if (values.config === undefined || (what !== 'list' && what !== 'report' && what !== 'status')) {
    process.stderr.write(LEDGER_USAGE);
    return 64;
  }
  try {
    const { box, site } = loadConfig(values.config);
    const file = join(box.stateDirectory, 'usage.db');
    if (what === 'status') {
      process.stdout.write(await ledgerStatus(file, Date.now()));
      return 0;
    }
    const fail = (fault: Fault): never => {
      throw fault;
    };
    const store = await openSqliteStore(file, fail);
    const rows = await readAll(store);
    await new Promise<void>((done) => store.close(done));
    const text = what === 'list' ? rows.map((row) => row.body).join('\n') : JSON.stringify(report(rows, site));
    process.stdout.write(`${text}\n`);
    return 0;
  } catch (error) {
    if (!isFault(error)) throw error;
    process.stderr.write(`${explain(error)}\n`);
    return 75;
  }
}

export async function readAll(store: RecordStore): Promise<readonly StoredRecord[]> {
  const rows: StoredRecord[] = [];
  for (;;) {
    const more = await new Promise<readonly StoredRecord[]>((done) => store.read(rows.length + 1, 1000, done));
    rows.push(...more);
    if (more.length < 1000) return rows;
  }
}

/** Walks the chain and rates it anew: what the box says of itself when asked from outside. */
export function report(rows: readonly StoredRecord[], site: SiteConfig): object {
  const contract = contractOf(site);
  const charges: Charge[] = [];
  const calls: LedgerRecord[] = [];
  let account = emptySiteAccount();
  let open: OpenCalls = new Map();
  let head = NO_RECORD_HASH;
  for (const { seq, body } of rows) {
    const erased = erasedHash(body);
    if (erased !== undefined) {
      head = erased;
      continue;
    }
    const record = RecordSchema.parse(JSON.parse(body));
    if (record.prev !== head) throw new Fault('ledger.damaged', { seq });
    head = sha256hex(body);
    const folded = foldRecord(account, record, contract);
    account = folded.account;
    open = noteOpenCall(open, record);
    if (folded.charge) charges.push(folded.charge);
    if (record.event.kind === 'call-ended') calls.push(record);
  }
  return {
    device: site.device.id,
    epoch: account.epoch,
    records: rows.length,
    open: open.size,
    head,
    calls: calls.map((record) => record.event),
    charges,
    account,
  };
}
