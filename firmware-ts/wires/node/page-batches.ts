import { joined } from '../../../agent/model/joined.ts';

export type PageBatches = {
  /** Copies nothing: the octets are not to be changed before they are passed. */
  readonly add: (octets: Uint8Array) => void;
  /** What is gathered is passed now, because something else follows. */
  readonly flush: () => void;
};

/** 100 ms of a page at 14,400 bit/s. */
const ENOUGH = 180;
/** Far less than the lead of any page, and than what a turn hangs on. */
const LONGEST_MS = 80;

/**
 * Gathers the octets of a page on their way between two processes: a message costs both of them more than its octets do, and a page
 * has 33 pieces a second, or as many as a modem's USB makes of it.
 */
export function createPageBatches(pass: (octets: Uint8Array) => void): PageBatches {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let timer: NodeJS.Timeout | undefined;
  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (length === 0) return;
    const octets = joined(...pieces);
    pieces = [];
    length = 0;
    pass(octets);
  }
  return {
    add(octets) {
      pieces.push(octets);
      length += octets.length;
      if (length >= ENOUGH) flush();
      else timer ??= setTimeout(flush, LONGEST_MS);
    },
    flush,
  };
}
