import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig, sha256hex } from '../edge/load-config.ts';
import { openSqliteStore } from '../edge/sqlite-store.ts';
import { noteOpenCall, type OpenCalls } from '../machines/call/recover.ts';
import type { Volume } from '../model/data-counted.ts';
import { erasedHash } from '../model/erased.ts';
import { Fault, isFault } from '../model/fault.ts';
import { type LedgerRecord, NO_RECORD_HASH, RecordSchema } from '../model/record.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { RecordStore, StoredRecord } from '../ports/record-store.ts';
import type { Charge } from '../rating/credit/charge.ts';
import { contractOf } from '../rating/credit/contract.ts';
import { emptySiteAccount, foldRecord } from '../rating/credit/site-account.ts';
import { explain } from './agent-command.ts';
import { exportLedger } from './ledger-export.ts';
import { salvageLedger } from './ledger-salvage.ts';
import { ledgerStatus } from './ledger-status.ts';
import { verdictLines, verifyFile } from './ledger-verify.ts';

export const LEDGER_USAGE = `usage: relais ledger list   --config BOX.json   every record, one JSON line each, as it was hashed
       relais ledger report --config BOX.json   records, calls and charges of the box, as one JSON object
       relais ledger status --config BOX.json   epoch, size, receipts, damage, room, wear and settings of the store
       relais ledger export FILE --config BOX.json [--erase-up-to SEQ]
       relais ledger salvage STORE --out FILE --config BOX.json
       relais ledger verify FILE --device-key KEY --central-key KEY [--json]

export writes records, checkpoints and keys as a file that anybody can judge (docs/evidence.md). With --erase-up-to, records
up to SEQ are in it as their leaf hash alone, as those are whose personal data the box has erased. verify needs that file
and two public keys, each as text or in a file, and no network; it names the first thing that is wrong. After a change of
the central's key --central-key is given twice.
salvage reads a store that was set aside, however broken, without altering it, and writes what can still be shown of it as
an export with gaps; verify then answers 2 where something is missing, and names it.
For list, report, export and salvage the agent must not be running: it holds the ledger alone. status says what it can beside it.
A store found damaged is moved to the directory "quarantine" beside it, as the agent would do; nothing is deleted.
`;

export async function runLedgerCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      'erase-up-to': { type: 'string', default: '0' },
      out: { type: 'string' },
      'device-key': { type: 'string' },
      'central-key': { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  });
  const [what = '', file] = positionals;
  const { config, 'device-key': device, 'central-key': central } = values;
  try {
    if (what === 'verify' && file !== undefined && device !== undefined && central.length > 0)
      return judge(verifyFile(file, device, central), values.json);
    if (what === 'salvage' && file !== undefined && values.out !== undefined && config !== undefined) {
      process.stdout.write(`${await salvageLedger(loadConfig(config), file, values.out)}\n`);
      return 0;
    }
    if (what === 'status' && config !== undefined) return await tellStatus(config);
    const eraseUpTo = Number(values['erase-up-to']);
    const fits = what === 'list' || what === 'report' || (what === 'export' && file !== undefined);
    if (config !== undefined && fits && Number.isSafeInteger(eraseUpTo) && eraseUpTo >= 0)
      return await open(config, what, file ?? '', eraseUpTo);
  } catch (error) {
    if (!isFault(error)) throw error;
    process.stderr.write(`${explain(error)}\n`);
    return 75;
  }
  process.stderr.write(LEDGER_USAGE);
  return 64;
}

/** Status 1 tells a script that the export does not hold, 2 that it holds and something is missing. */
function judge(verdict: ReturnType<typeof verifyFile>, json: boolean): number {
  process.stdout.write(json ? `${JSON.stringify(verdict)}\n` : `${verdictLines(verdict).join('\n')}\n`);
  if (!verdict.holds) return 1;
  return verdict.missing.length > 0 ? 2 : 0;
}

async function tellStatus(config: string): Promise<number> {
  const { box } = loadConfig(config);
  process.stdout.write(await ledgerStatus(join(box.stateDirectory, 'usage.db'), Date.now()));
  return 0;
}

async function open(
  config: string,
  what: 'list' | 'report' | 'export',
  file: string,
  eraseUpTo: number,
): Promise<number> {
  const loaded = loadConfig(config);
  const { box, site } = loaded;
  const fail = (fault: Fault): never => {
    throw fault;
  };
  const store = await openSqliteStore(join(box.stateDirectory, 'usage.db'), fail);
  const rows = await readAll(store);
  const { epoch = '' } = store.state();
  await new Promise<void>((done) => store.close(done));
  const text =
    what === 'export'
      ? await exportLedger(loaded, { file, epoch, records: rows, eraseUpTo })
      : what === 'list'
        ? rows.map((row) => row.body).join('\n')
        : JSON.stringify(report(rows, site));
  process.stdout.write(`${text}\n`);
  return 0;
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
  const data = new Map<string, Volume>();
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
    if (record.event.kind === 'data-counted') data.set(record.event.link, record.event.total);
  }
  return {
    device: site.device.id,
    epoch: account.epoch,
    records: rows.length,
    open: open.size,
    head,
    calls: calls.map((record) => record.event),
    charges,
    /** Bytes of each link since the first reading of this epoch. */
    data: Object.fromEntries(data),
    account,
  };
}
