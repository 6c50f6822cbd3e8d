type Counted = 'connected' | 'welcomed' | 'lost' | 'records' | 'leases' | 'resent' | 'refused';
type Timed = 'receipt' | 'countersigned';

/** What a fleet has done so far. */
export interface Meter {
  count(what: Counted, by?: number): void;
  took(what: Timed, ms: number): void;
  of(what: Counted): number;
  /** Milliseconds that half, and 99 of 100, did not take longer than; begins anew. */
  quantiles(what: Timed): { readonly count: number; readonly p50: number; readonly p99: number; readonly most: number };
}

export function createMeter(): Meter {
  const counts = new Map<Counted, number>();
  let times: Readonly<Record<Timed, number[]>> = { receipt: [], countersigned: [] };
  return {
    count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    took: (what, ms) => void times[what].push(ms),
    of: (what) => counts.get(what) ?? 0,
    quantiles(what) {
      const sorted = times[what].toSorted((one, other) => one - other);
      times = { ...times, [what]: [] };
      const at = (share: number): number =>
        Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
      return { count: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) };
    },
  };
}
