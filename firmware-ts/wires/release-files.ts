import type { CheckSum, ReleaseManifest, Slot, UpdateBook, UpdateWish } from '../../agent/model/release.ts';

/** The two slots of the box, the link that leads to the one it lives on, and what is noted about them. */
export interface SlotFiles {
  /** Undefined where the box was installed without slots. */
  book(): UpdateBook | undefined;
  keepBook(book: UpdateBook): void;
  wish(): UpdateWish | undefined;
  keepWish(wish: UpdateWish | undefined): void;
  /** Of a slot that is whole and signed; undefined where it is neither. */
  manifestIn(slot: Slot): ReleaseManifest | undefined;
  /** In one step: a power cut leaves the link as it was or as it will be. */
  pointAt(slot: Slot): void;
}

/** A bundle that is on its way here, and what is made of it. */
export interface BundleFiles {
  /** Bytes that have come so far, first line included. */
  size(): number;
  append(bytes: Uint8Array): void;
  /** What has come from that address is gone on with; of any other, and with `undefined` of all, nothing is kept. */
  keepOf(url: string | undefined): void;
  /** Free where it lies, in bytes. */
  room(): number;
  /** Of the first line, once it is there. @throws Fault 'release.refused' when it is not signed by the key of this box. */
  head(): { readonly manifest: ReleaseManifest; readonly bytes: number } | undefined;
  /** Of all bytes that have come, first line included: lower-case hexadecimal digits. */
  digest(algorithm: CheckSum['algorithm']): Promise<string>;
  /** Makes a slot of it. @throws Fault 'release.refused' when the bytes are not those that were signed, or cannot be unpacked. */
  unpack(slot: Slot): Promise<void>;
}

/** How far one attempt to fetch came. */
export type Fetched = 'complete' | 'broken' | 'refused' | 'over';

/** Bytes behind an address, from one of them on. */
export interface BundleSource {
  /**
   * `from` 0 begins anew. `refused`: there is no such thing there, and trying again is in vain; `over`: what is asked for
   * lies behind the end; `broken`: the line broke, and what came before was handed on. `take` answers whether to go on.
   */
  fetch(url: string, from: number, take: (bytes: Uint8Array) => boolean): Promise<Fetched>;
}
