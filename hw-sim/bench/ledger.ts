/**
 * What the record store of the box costs: records a second and bytes that reach the device, at 1, 10 and 100 records
 * per commit, beside the floor of a preallocated file that is appended to and flushed in the same run.
 *
 *   npm run build && sudo node dist/hw-sim/bench/ledger.js [--body BYTES] [--commits N] [--directory DIR]
 *
 * As root it makes an ext4 file system on a loop device of its own, so that nobody else's bytes are counted. With
 * --directory it works there and counts what the kernel charges to this process: no journal of the file system.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { openSqliteStore } from '../../agent/edge/sqlite-store.ts';

type Medium = { readonly directory: string; readonly written: () => number; readonly close: () => void };
type Measured = { readonly perSecond: number; readonly bytes: number };

const GROUPS = [1, 10, 100] as const;
/** Bytes per record that the store may cost the device, by group, for a record of 290 bytes. */
const AIMS = { 1: 12_000, 10: 2_600, 100: 1_000 } as const;
const SECTOR = 512;
const IMAGE = 512 * 1_048_576;
/** The log has grown to its size and is written over from then on. */
const WARM_UP = 400;

const options = {
  body: { type: 'string', default: '290' },
  commits: { type: 'string', default: '1000' },
  directory: { type: 'string' },
} as const;

async function main(argv: readonly string[]): Promise<void> {
  const { body, commits, directory } = parseArgs({ args: [...argv], options }).values;
  const medium = directory === undefined ? ownFileSystem() : besideOthers(directory);
  try {
    process.stdout.write('group  store rec/s  floor rec/s  ratio   store B/rec  floor B/rec  ratio   aim\n');
    for (const group of GROUPS) {
      const order = { group, commits: Math.ceil(Number(commits) / Math.sqrt(group)), body: 'x'.repeat(Number(body)) };
      const floor = await measureFloor(medium, order);
      const store = await measureStore(medium, order);
      process.stdout.write(`${line(group, store, floor)}\n`);
    }
  } finally {
    medium.close();
  }
}

function line(group: keyof typeof AIMS, store: Measured, floor: Measured): string {
  const cells = [
    [String(group), 5],
    [store.perSecond.toFixed(0), 11],
    [floor.perSecond.toFixed(0), 12],
    [(floor.perSecond / store.perSecond).toFixed(2), 6],
    [store.bytes.toFixed(0), 12],
    [floor.bytes.toFixed(0), 12],
    [(store.bytes / floor.bytes).toFixed(2), 6],
    [store.bytes <= AIMS[group] ? `met (${AIMS[group]})` : `MISSED (${AIMS[group]})`, 0],
  ] as const;
  return cells.map(([text, width]) => text.padStart(width)).join('  ');
}

type Order = { readonly group: number; readonly commits: number; readonly body: string };

async function measureStore(medium: Medium, { group, commits, body }: Order): Promise<Measured> {
  const place = mkdtempSync(join(medium.directory, 'store-'));
  const store = await openSqliteStore(join(place, 'usage.db'), (fault) => {
    throw fault;
  });
  await new Promise<void>((done) => store.openEpoch('00000000000000aa', 'first', done));
  let seq = 0;
  const commit = (): Promise<unknown> => {
    const rows = Array.from({ length: group }, () => {
      seq += 1;
      return { seq, body };
    });
    return new Promise((done) => store.append(rows, done));
  };
  const measured = await measure(medium, { group, commits, commit });
  await new Promise<void>((done) => store.close(done));
  rmSync(place, { recursive: true });
  return measured;
}

async function measureFloor(medium: Medium, { group, commits, body }: Order): Promise<Measured> {
  const file = join(medium.directory, 'floor');
  const bytes = Buffer.from(body.repeat(group));
  const handle = await preallocated(file, (commits + WARM_UP) * bytes.length);
  let at = 0;
  const commit = async (): Promise<void> => {
    await handle.write(bytes, 0, bytes.length, at);
    await handle.datasync();
    at += bytes.length;
  };
  const measured = await measure(medium, { group, commits, commit });
  await handle.close();
  rmSync(file);
  return measured;
}

async function preallocated(file: string, length: number): Promise<FileHandle> {
  const handle = await open(file, 'w');
  for (let at = 0; at < length; at += 65_536) await handle.write(new Uint8Array(65_536), 0, 65_536, at);
  await handle.sync();
  return handle;
}

type Work = { readonly group: number; readonly commits: number; readonly commit: () => Promise<unknown> };

async function measure(medium: Medium, { group, commits, commit }: Work): Promise<Measured> {
  for (let i = 0; i < WARM_UP; i += 1) await commit();
  const before = medium.written();
  const began = performance.now();
  for (let i = 0; i < commits; i += 1) await commit();
  const seconds = (performance.now() - began) / 1_000;
  const records = commits * group;
  return { perSecond: records / seconds, bytes: (medium.written() - before) / records };
}

/** ext4 with blocks of 4 KiB on a loop device, direct: its sectors are this run's and nobody else's. */
function ownFileSystem(): Medium {
  const home = mkdtempSync(join(tmpdir(), 'relais-bench-'));
  const run = (command: string, ...words: readonly string[]): string =>
    execFileSync(command, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
  const image = join(home, 'image');
  const directory = join(home, 'mounted');
  mkdirSync(directory);
  run('fallocate', '-l', String(IMAGE), image);
  run('mkfs.ext4', '-q', '-b', '4096', '-F', image);
  const device = run('losetup', '--find', '--show', '--direct-io=on', image);
  run('mount', device, directory);
  return {
    directory,
    written() {
      run('sync', '-f', directory);
      return sectorsWritten(basename(device)) * SECTOR;
    },
    close() {
      run('umount', directory);
      run('losetup', '--detach', device);
      rmSync(home, { recursive: true });
    },
  };
}

/** Documentation/admin-guide/iostats.rst, field 7. */
const sectorsWritten = (device: string): number =>
  Number(readFileSync(`/sys/block/${device}/stat`, 'utf8').trim().split(/\s+/)[6]);

function besideOthers(home: string): Medium {
  const directory = mkdtempSync(join(home, 'relais-bench-'));
  return {
    directory,
    written: () => Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]),
    close: () => rmSync(directory, { recursive: true }),
  };
}

await main(process.argv.slice(2));
