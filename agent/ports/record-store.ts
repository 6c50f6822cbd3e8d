export type StoredRecord = { readonly seq: number; readonly body: string };

/** What a store says of itself once it is open. `head` is the last record kept, absent in an empty store. */
export type StoreState = {
  readonly epoch: string | undefined;
  readonly head: StoredRecord | undefined;
  readonly released: number;
};

/** The device's own append-only store. Everything is durable when `done` is called, or the process has died. */
export interface RecordStore {
  state(): StoreState;
  /** Begins an epoch in an empty store. */
  openEpoch(epoch: string, done: () => void): void;
  /** Appends in order; `done` is called after the commit returned, never before. A failure ends the process. */
  append(records: readonly StoredRecord[], done: () => void): void;
  /** Records `from`, at most `limit` of them, in order. */
  read(from: number, limit: number, done: (records: readonly StoredRecord[]) => void): void;
  /** Remembers that the central holds everything up to `seq`: a hint for the next start, not a promise. */
  release(upTo: number): void;
  close(done: () => void): void;
}
