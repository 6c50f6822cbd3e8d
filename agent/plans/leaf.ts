/** What may wait of data, at least so many bytes, or so long (ms). */
const LEAF = { bytes: 20_000, ms: 100 };

/** A queue for each flow where the kernel has that; otherwise a short one: what stands there is delay for all data. */
export function leaf(kbps: number, fair: boolean): string {
  if (fair) return `fq_codel limit 1000 quantum 300 target ${Math.max(5, Math.ceil(18_000 / kbps))}ms`;
  return `bfifo limit ${Math.max(LEAF.bytes, Math.floor((kbps * LEAF.ms) / 8))}`;
}
