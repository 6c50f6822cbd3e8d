export type StoredRecord = { readonly seq: number; readonly body: string };

/** Why an epoch was opened: the first one of the box, or one after the store before it was set aside. */
export type EpochReason = 'first' | 'store-damaged' | 'central-disagrees';

/** The central's clock (Unix ms) when it was known to hold everything up to `upTo` (U-4). */
export type ReceiptMark = { readonly at: number; readonly upTo: number };

/**
 * What became of a group: on the medium; on the medium, but in the last room that was kept back for it; or not written,
 * because there is no room at all. What was not written has left nothing behind and may be given again.
 */
export type Kept = 'kept' | 'kept-in-reserve' | 'no-room';

/** Bytes of the store, left on the medium, and given to the medium by this process; stores set aside so far. */
export type StoreUse = {
  readonly bytes: number;
  readonly room: number;
  readonly written: number;
  readonly setAside: number;
};

/** What a store says of itself once it is open. `head` is the last record kept, absent in an empty store. */
export type StoreState = {
  readonly epoch: string | undefined;
  /** Why the epoch that is to be opened is opened; it tells something only while `epoch` is absent. */
  readonly reason: EpochReason;
  readonly head: StoredRecord | undefined;
  readonly released: number;
  readonly receipts: readonly ReceiptMark[];
};

/**
 * The device's own append-only store. Everything is durable when `done` is called, or the process has died.
 * Seven orders, one more than a port should have: erasing (U-4) must not pass for releasing (U-7).
 */
export interface RecordStore {
  state(): StoreState;
  use(): StoreUse;
  /** Begins an epoch in an empty store. A store that is not empty is set aside whole, never deleted. */
  openEpoch(epoch: string, reason: EpochReason, done: () => void): void;
  /**
   * Appends in order, all or nothing; `done` is called after the commit returned. Any failure but `no-room` ends the
   * process. No records at all ask only whether there is room.
   */
  append(records: readonly StoredRecord[], done: (kept: Kept) => void): void;
  /** Records `from`, at most `limit` of them, in order. An erased one has the body of `agent/model/erased.ts`. */
  read(from: number, limit: number, done: (records: readonly StoredRecord[]) => void): void;
  /** The central holds everything up to `seq`: a hint for the next start. With `at` it is written down for `receipts`. */
  release(upTo: number, at?: number): void;
  /** Puts other bodies in the place of these records' own, all or none, so that the medium does not hold the old ones any more. */
  erase(records: readonly StoredRecord[], done: (kept: Kept) => void): void;
  close(done: () => void): void;
}
