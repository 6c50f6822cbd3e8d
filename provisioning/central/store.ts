import type { Books, KeptRecord } from './restore.ts';
import type { Row } from './words.ts';

/** Where the central keeps what it has taken. One caller at a time: nothing may be asked before the last answer came. */
export interface CentralStore {
  books(): Promise<Books>;
  /** Records after `position` in the order they were taken, at most `limit`, each with a position of its own. */
  records(position: number, limit: number): Promise<readonly (KeptRecord & { readonly position: number })[]>;
  hashes(range: { device: string; epoch: string; from: number; to: number }): Promise<readonly string[]>;
  /** All rows or none; durable when it answers. A failure ends the process: nothing was promised that is not kept. */
  commit(rows: readonly Row[]): Promise<void>;
  close(): Promise<void>;
}
