import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type Database, isDamaged, openDatabase } from './database.ts';
import { finishSettingAside, setAside } from './quarantine.ts';
import { applySettings, type Setting } from './settings.ts';
import { walIsDamaged } from './wal-scan.ts';

/**
 * Opens the store, and where its log or its database is damaged an empty one in its place. The log is walked before
 * SQLite sees it, for SQLite forgets what stands behind a spoiled frame as soon as it opens the file.
 */
export async function openSound(file: string, settings: readonly Setting[]): Promise<Database> {
  finishSettingAside(file);
  if (logIsDamaged(file)) setAside(file, 'store-damaged', new Date());
  return (await openUnlessDamaged(file, settings)) ?? (await openAnew(file, settings));
}

async function openAnew(file: string, settings: readonly Setting[]): Promise<Database> {
  setAside(file, 'store-damaged', new Date());
  const database = await openDatabase(file);
  await prepare(database, settings);
  return database;
}

async function openUnlessDamaged(file: string, settings: readonly Setting[]): Promise<Database | undefined> {
  const database = await openDatabase(file);
  try {
    await prepare(database, settings);
    const [verdict] = await database.all('PRAGMA quick_check(1)');
    if (verdict?.quick_check === 'ok') return database;
    await database.close();
    return undefined;
  } catch (error) {
    await database.close();
    if (isDamaged(error)) return undefined;
    throw error;
  }
}

async function prepare(database: Database, settings: readonly Setting[]): Promise<void> {
  await applySettings(database, settings);
  await database.run('CREATE TABLE IF NOT EXISTS record(seq INTEGER PRIMARY KEY, body TEXT NOT NULL)');
  await database.run('CREATE TABLE IF NOT EXISTS meta(k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID');
}

/** The caller holds the store alone: a log that somebody is writing looks damaged. */
function logIsDamaged(file: string): boolean {
  if (!existsSync(`${file}-wal`) || !existsSync(file)) return false;
  const log = readFileSync(`${file}-wal`);
  const database = openSync(file, 'r');
  try {
    return walIsDamaged(log, {
      length: fstatSync(database).size,
      read(at, length) {
        const bytes = Buffer.alloc(length);
        return bytes.subarray(0, readSync(database, bytes, 0, length, at));
      },
    });
  } finally {
    closeSync(database);
  }
}
