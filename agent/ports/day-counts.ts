/** Bytes that may have gone over a metered link on a day of UTC (days since 1970). */
export type DayCount = { readonly link: string; readonly day: number; readonly spent: number };

/** What survives a restart of the agent; a count that can't be read is no count. */
export interface DayCounts {
  read(): readonly DayCount[];
  keep(counts: readonly DayCount[]): void;
}
