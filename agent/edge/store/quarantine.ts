import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { EpochReason } from '../../ports/record-store.ts';

const WHY = ['store-damaged', 'central-disagrees'] as const;
type Why = (typeof WHY)[number];

const QUARANTINE = 'quarantine';
/** The database goes first: one that stands without its log would be opened, and would lack the log's records. */
const PARTS = ['', '-journal', '-wal'] as const;

/**
 * Moves a store aside, under a name that says when and why; nothing is ever deleted (U-3). A power cut in the middle
 * leaves a log without a database, which `finishSettingAside` completes.
 * @returns the directory that holds it now.
 */
export function setAside(file: string, reason: EpochReason, now: Date): string {
  const home = dirname(file);
  const quarantine = join(home, QUARANTINE);
  if (!existsSync(quarantine)) {
    mkdirSync(quarantine, { mode: 0o700 });
    flushDirectory(home);
  }
  const directory = freeName(join(quarantine, `${now.toISOString().replaceAll(':', '-')}-${reason}`));
  mkdirSync(directory, { mode: 0o700 });
  flushDirectory(quarantine);
  moveParts(file, directory, PARTS);
  return directory;
}

/** Completes what a power cut interrupted. Without this SQLite would delete a log that has no database. */
export function finishSettingAside(file: string): void {
  if (existsSync(file) || !existsSync(`${file}-wal`)) return;
  const newest = setAsideStores(file).at(-1);
  const quarantine = join(dirname(file), QUARANTINE);
  const directory = newest && join(quarantine, newest.name);
  const fits = directory !== undefined && !existsSync(join(directory, `${basename(file)}-wal`));
  if (fits) moveParts(file, directory, PARTS);
  else setAside(file, 'store-damaged', new Date());
}

/** Stores that were set aside, oldest first. */
export function setAsideStores(file: string): readonly { readonly name: string; readonly reason: Why }[] {
  const quarantine = join(dirname(file), QUARANTINE);
  if (!existsSync(quarantine)) return [];
  return readdirSync(quarantine)
    .sort()
    .flatMap((name) => {
      const reason = WHY.find((why) => name.includes(`Z-${why}`));
      return reason === undefined ? [] : [{ name, reason }];
    });
}

/** What an empty store was opened for: the reason of the one that was set aside last, if any was. */
export const reasonToOpen = (file: string): EpochReason => setAsideStores(file).at(-1)?.reason ?? 'first';

/** A name is certain only once its directory is flushed (fsync(2)): after each move, so that they last in this order. */
function moveParts(file: string, directory: string, parts: readonly string[]): void {
  for (const part of parts) {
    if (!existsSync(`${file}${part}`)) continue;
    renameSync(`${file}${part}`, join(directory, `${basename(file)}${part}`));
    flushDirectory(directory);
    flushDirectory(dirname(file));
  }
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let again = 2; existsSync(name); again += 1) name = `${wanted}-${again}`;
  return name;
}

export function flushDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
