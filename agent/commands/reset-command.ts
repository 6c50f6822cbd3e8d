import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readdirSync,
  rmdirSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type LoadedConfig, loadConfig } from '../edge/load-config.ts';
import { identityFileOf } from '../edge/secure-road.ts';
import { openSqliteStore } from '../edge/sqlite-store.ts';
import { Fault, isFault } from '../model/fault.ts';
import { explain } from './agent-command.ts';
import { readAll } from './ledger-command.ts';
import { exportLedger } from './ledger-export.ts';

export const RESET_USAGE = `usage: relais reset --config BOX.json [--export FILE] [--discard-quarantine]

Takes everything from this box that is its client's or its operator's: records, keys, passwords, faxes, short messages, the
journal of its SIM, the configuration of the site. Each file is written over and then removed; the file of the box itself and
the operator's public key stay. The agent must not be running.
  --export FILE         the ledger is written there first (docs/evidence.md); needed while the central lacks a record
  --discard-quarantine  also stores that were set aside as damaged, whose records may be nowhere else
`;

const MISUSED = 64;
const REFUSED = 75;

/** `relais reset`: what a box forgets before it changes hands (U-4, D-1, D-3; security line 30). */
export async function runResetCommand(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      config: { type: 'string' },
      export: { type: 'string' },
      'discard-quarantine': { type: 'boolean', default: false },
    },
  });
  const { config, export: file, 'discard-quarantine': discard } = values;
  if (config === undefined) {
    process.stderr.write(RESET_USAGE);
    return MISUSED;
  }
  try {
    const loaded = loadConfig(config);
    const said = await saveLedger(loaded, file, discard);
    const erased = filesOf(loaded).map(erase);
    removeFolders(loaded.box.stateDirectory);
    const bytes = erased.reduce((sum, size) => sum + size, 0);
    process.stdout.write(`${said}${loaded.site.device.id}: ${erased.length} files erased, ${bytes} bytes\n`);
    return 0;
  } catch (error) {
    if (!isFault(error)) throw error;
    process.stderr.write(`${explain(error)}\n`);
    return REFUSED;
  }
}

/** @throws Fault `config.refused` where a record would be lost, `ledger.locked` while the agent runs. */
async function saveLedger(loaded: LoadedConfig, file: string | undefined, discard: boolean): Promise<string> {
  const { stateDirectory } = loaded.box;
  if (file !== undefined && !relative(resolve(stateDirectory), resolve(file)).startsWith('..'))
    throw refusal('--export', 'name a file outside the state directory, which is erased');
  const store = await openSqliteStore(join(stateDirectory, 'usage.db'), (fault) => {
    throw fault;
  });
  const records = await readAll(store);
  const { epoch = '', released } = store.state();
  await new Promise<void>((done) => store.close(done));
  // Looked for now: a store that is damaged has just been set aside.
  if (!discard && existsSync(join(stateDirectory, 'quarantine')))
    throw refusal('--discard-quarantine', 'salvage what was set aside (relais ledger salvage), or say that it may go');
  if (file === undefined && records.length > released)
    throw refusal('--export', `the central lacks ${records.length - released} records; name a file for the ledger`);
  if (file === undefined || records.length === 0) return '';
  const said = await exportLedger(loaded, { file, epoch, records, eraseUpTo: 0 });
  flush(file);
  return `${said}\n`;
}

const refusal = (field: string, remedy: string): Fault => new Fault('config.refused', { field, remedy });

/** What a cut leaves is erased by the next attempt: the configuration of the site, without which there is none, goes last. */
function filesOf({ box }: LoadedConfig): readonly string[] {
  const outside = [box.uplinkSecret, box.faxSecrets, identityFileOf(box), box.siteConfig];
  const inside = existsSync(box.stateDirectory) ? filesIn(box.stateDirectory) : [];
  const all = [...inside, ...outside.flatMap((file) => (file !== undefined && existsSync(file) ? [file] : []))];
  return [...new Set(all.map((file) => resolve(file)))];
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });

const BLOCK = Buffer.alloc(65_536);

/** Flash may keep the old blocks until it needs them; the file system, and whoever reads through it, have them no more. */
function erase(file: string): number {
  const seen = lstatSync(file);
  if (!seen.isFile()) {
    unlinkSync(file);
    return 0;
  }
  const handle = openSync(file, 'r+');
  try {
    for (let at = 0; at < seen.size; ) at += writeSync(handle, BLOCK, 0, Math.min(BLOCK.length, seen.size - at), at);
    fsyncSync(handle);
    ftruncateSync(handle, 0);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  unlinkSync(file);
  return seen.size;
}

/** The state directory itself stays: its owner and mode are the installer's. */
function removeFolders(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    removeFolders(join(folder, entry.name));
    rmdirSync(join(folder, entry.name));
  }
}

function flush(file: string): void {
  const handle = openSync(file, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
