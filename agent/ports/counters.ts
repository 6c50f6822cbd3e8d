/** What an interface has carried since it came into being. */
export type LinkCounter = {
  /**
   * Names the time in which this counter was never set back, within one boot of the box: another life began at zero. A
   * source that can't promise this must not be counted by.
   */
  readonly life: string;
  /** Bytes of IP, headers included, seen from the site; safe integers. */
  readonly up: number;
  readonly down: number;
};

/** The kernel's counters of the site's links. */
export interface Counters {
  /** All links in one look; a link that has no interface now, or that the kernel says nothing of, is left out. */
  read(done: (counters: ReadonlyMap<string, LinkCounter>) => void): void;
}
