import type { Books, KeptRecord } from '../restore.ts';
import type { Countersignature, Place } from '../witness.ts';
import type { AccountEntry, Greeted, Row } from '../words.ts';

/** Records `from` to `to` of one stream. */
export type Range = { readonly device: string; readonly epoch: string; readonly from: number; readonly to: number };

/** What a snapshot row holds. `position` says what it covers: everything that was kept of the account up to there. */
export type KeptSnapshot = { readonly position: number; readonly digest: string; readonly state: string };

/**
 * One account in the hands of one process: nobody else reads or writes it until the work is done. Everything kept goes in
 * one transaction.
 */
export type HeldAccount = {
  /** Position of the newest row that others left; 0 for an account of which nothing was kept. */
  readonly position: number;
  /** What stands in the books after a position. */
  books(after: number): Promise<Books>;
  /** Records after a position in the order they were taken, at most `limit`. */
  records(after: number, limit: number): Promise<readonly (KeptRecord & { readonly position: number })[]>;
  hashes(range: Range): Promise<readonly string[]>;
  /** The exact bytes of records `from` to `to`, in order. */
  bodies(range: Range): Promise<readonly string[]>;
  /** The countersigned checkpoints around a place: the largest below its size, the smallest of at least its size. */
  countersignatures(
    place: Place,
  ): Promise<{ readonly before: Countersignature | undefined; readonly after: Countersignature | undefined }>;
  snapshot(): Promise<KeptSnapshot | undefined>;
  /** Answers the position of the last of the rows. */
  keep(rows: readonly Row[]): Promise<number>;
  keepSnapshot(snapshot: KeptSnapshot): Promise<void>;
};

/** Where the central keeps what it has taken. After any failure nothing more may be asked of it: the process ends. */
export interface CentralStore {
  /** Which of the processes on this store this one is, from 1; no two that live have the same. */
  readonly instance: number;
  /** How many accounts may be held at once. */
  readonly lanes: number;
  /** Other processes may work on the same store. */
  readonly shared: boolean;
  /** All that `work` keeps is durable when this answers; when `work` or anything else fails, nothing of it is kept. */
  hold<T>(account: string, work: (held: HeldAccount) => Promise<T>): Promise<T>;
  /** Every account of which something was kept. */
  accounts(): Promise<readonly string[]>;
  /** The newest entry of each account. */
  entries(): Promise<Readonly<Record<string, AccountEntry>>>;
  /** Every device that ever said hello, with what is held of the epoch that it named. */
  greeted(): Promise<readonly Greeted[]>;
  close(): Promise<void>;
}
