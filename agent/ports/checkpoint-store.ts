/** A checkpoint over the first `size` records of an epoch, as the device signed it or as the central countersigned it. */
export type KeptCheckpoint = {
  readonly epoch: string;
  readonly size: number;
  /** The Merkle frontier at that size, from which the tree goes on after a restart; empty where it is not known. */
  readonly frontier: string;
  readonly note: string;
  /** Verifier key of the central that countersigned it; absent while it has not. */
  readonly centralKey?: string;
};

/**
 * Where checkpoints are kept: beside the ledger, not in it. A note proves itself, so it needs no chain; and a checkpoint
 * that were a record would ask for the next checkpoint, without end.
 */
export interface CheckpointStore {
  /** The largest of an epoch, and the size of the largest countersigned one (0 when there is none). */
  last(epoch: string, done: (last: KeptCheckpoint | undefined, countersigned: number) => void): void;
  /** The smallest over more than `after` records. */
  next(epoch: string, after: number, done: (next: KeptCheckpoint | undefined) => void): void;
  /**
   * Durable when `done` is told `kept`; `no-room` has left nothing behind, and any other failure ends the process. A
   * countersigned one is never replaced by one that is not, nor a frontier by none.
   */
  keep(checkpoint: KeptCheckpoint, done: (kept: 'kept' | 'no-room') => void): void;
  close(done: () => void): void;
}
