import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { EpochReason } from '../../ports/record-store.ts';

const WHY = ['store-damaged', 'central-disagrees'] as const;
type Why = (typeof WHY)[number];
/** Checkpoints lie beside the ledger: where they alone are damaged its epoch goes on. */
const CHECKPOINTS = 'checkpoints-damaged';
export type SetAsideFor = EpochReason | typeof CHECKPOINTS;

const QUARANTINE = 'quarantine';
/** The database goes first: one that stands without its log would be opened, and would lack the log's records. */
const PARTS = ['', '-journal', '-wal'] as const;

/**
 * Moves a store aside, under a name that says when and why; nothing is ever deleted (U-3). A power cut in the middle
 * leaves a log without a database, which `finishSettingAside` completes.
 * @returns the directory that holds it now.
 */
export function setAside(file: string, reason: SetAsideFor, now: Date): string {
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
export function finishSettingAside(file: string, reason: SetAsideFor): void {
  if (existsSync(file) || !existsSync(`${file}-wal`)) return;
  const newest = everSetAside(file)
    .filter((name) => name.includes(`Z-${CHECKPOINTS}`) === (reason === CHECKPOINTS))
    .at(-1);
  const directory = newest && join(dirname(file), QUARANTINE, newest);
  const fits = directory !== undefined && !existsSync(join(directory, `${basename(file)}-wal`));
  if (fits) moveParts(file, directory, PARTS);
  else setAside(file, reason, new Date());
}

/** Everything that was ever set aside beside `file`, the checkpoints too, oldest first. */
export function everSetAside(file: string): readonly string[] {
  const quarantine = join(dirname(file), QUARANTINE);
  if (!existsSync(quarantine)) return [];
  return readdirSync(quarantine)
    .filter((name) => [...WHY, CHECKPOINTS].some((why) => name.includes(`Z-${why}`)))
    .sort();
}

/** Why the ledgers were set aside, oldest first. */
const whyLedgersWere = (file: string): readonly Why[] =>
  everSetAside(file).flatMap((name) => WHY.find((why) => name.includes(`Z-${why}`)) ?? []);

/** What an empty store was opened for: the reason of the one that was set aside last, if any was. */
export const reasonToOpen = (file: string): EpochReason => whyLedgersWere(file).at(-1) ?? 'first';

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
