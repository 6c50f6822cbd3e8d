import { closeSync, existsSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { type Database, isDamaged, openDatabase } from './database.ts';
import { finishSettingAside, type SetAsideFor, setAside } from './quarantine.ts';
import { applySettings, type Setting } from './settings.ts';
import { walIsDamaged } from './wal-scan.ts';

export type SoundOrder = {
  readonly settings: readonly Setting[];
  /** Statements that make the tables where there are none. */
  readonly tables: readonly string[];
  /** As what a damaged one is set aside. */
  readonly damagedAs: SetAsideFor;
  /** `later`: somebody reads all of it after the opening, page by page, and is told by SQLite of what is damaged. */
  readonly check: 'whole' | 'later';
};

/**
 * Opens a store, and where its log or its database is damaged an empty one in its place. The log is walked before
 * SQLite sees it, for SQLite forgets what stands behind a spoiled frame as soon as it opens the file.
 */
export async function openSound(file: string, order: SoundOrder): Promise<Database> {
  finishSettingAside(file, order.damagedAs);
  if (logIsDamaged(file)) setAside(file, order.damagedAs, new Date());
  return (await openUnlessDamaged(file, order)) ?? (await openAnew(file, order));
}

async function openAnew(file: string, order: SoundOrder): Promise<Database> {
  setAside(file, order.damagedAs, new Date());
  const database = await openDatabase(file);
  await prepare(database, order);
  return database;
}

async function openUnlessDamaged(file: string, order: SoundOrder): Promise<Database | undefined> {
  const database = await openDatabase(file);
  try {
    await prepare(database, order);
    if (order.check === 'later') return database;
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

async function prepare(database: Database, { settings, tables }: SoundOrder): Promise<void> {
  await applySettings(database, settings);
  for (const table of tables) await database.run(table);
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
