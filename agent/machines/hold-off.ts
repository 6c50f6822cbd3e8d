/** A time that a link must be healthy, and how far flapping may stretch it (ms). */
export type HoldOffTimes = { readonly holdOff: number; readonly holdOffMax: number };

/** How long a link must be healthy after that many departures: doubled by each, up to the longest (F-3, damping). */
export function holdOff(departures: number, times: HoldOffTimes): number {
  return Math.min(
    times.holdOff * 2 ** Math.min(Math.max(departures - 1, 0), 30),
    Math.max(times.holdOffMax, times.holdOff),
  );
}
