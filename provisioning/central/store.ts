import type { Books, KeptRecord } from './restore.ts';
import type { Countersignature, Place } from './witness.ts';
import type { Row } from './words.ts';

/** Where the central keeps what it has taken. One caller at a time: nothing may be asked before the last answer came. */
export interface CentralStore {
  books(): Promise<Books>;
  /** Records after `position` in the order they were taken, at most `limit`, each with a position of its own. */
  records(position: number, limit: number): Promise<readonly (KeptRecord & { readonly position: number })[]>;
  hashes(range: { device: string; epoch: string; from: number; to: number }): Promise<readonly string[]>;
  /** The exact bytes of records `from` to `to`, in order. */
  bodies(range: { device: string; epoch: string; from: number; to: number }): Promise<readonly string[]>;
  /** The countersigned checkpoints around a place: the largest below its size, the smallest of at least its size. */
  countersignatures(
    place: Place,
  ): Promise<{ readonly before: Countersignature | undefined; readonly after: Countersignature | undefined }>;
  /** All rows or none; durable when it answers. A failure ends the process: nothing was promised that is not kept. */
  commit(rows: readonly Row[]): Promise<void>;
  close(): Promise<void>;
}
