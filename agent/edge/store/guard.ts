import { type Database, faultOf, openDatabase } from './database.ts';

/**
 * Keeps a second process out before either has looked at the store: the log of a running agent, read while it is being
 * written, looks damaged. The lock is SQLite's own on a file that stays empty, and ends with the process.
 * @throws Fault `ledger.locked` when another process is there.
 */
export async function holdAlone(file: string): Promise<{ release(): Promise<void> }> {
  const guard: Database = await openDatabase(`${file}-lock`);
  try {
    // Nothing is ever written there, not even a journal.
    await guard.all('PRAGMA journal_mode = MEMORY');
    await guard.run('BEGIN EXCLUSIVE');
  } catch (error) {
    await guard.close();
    throw faultOf(error);
  }
  return { release: () => guard.close() };
}
