/**
 * One look at a counter of the kernel or of a modem. `life` names the time in which the counter was never set back,
 * where its source can tell (a boot and an interface, a data session of the modem); undefined where it can't.
 */
export type Reading = {
  readonly life: string | undefined;
  /** Bytes, at most 2^width − 1. A source of 64 bits hands in what a safe integer holds, 9 petabytes. */
  readonly value: number;
  readonly width: 32 | 64;
  /** The box's boot and its monotonic clock (ms) when the counter was read: readings may come in any order. */
  readonly boot: string;
  readonly at: number;
};

/** What was counted since the first reading, in bytes: never more than really passed. */
export type Counted = { readonly total: number; readonly last: Reading | undefined };

export const startCounting = (): Counted => ({ total: 0, last: undefined });

const WRAP = 2 ** 32;

/**
 * The total after one more reading. Bills are differences of totals, so that a reading lost costs nothing (U-7), and
 * where it can't be known what happened between two readings the smaller answer counts:
 * - the first reading ever, and the first of a life that can't be told from the one before, only begins;
 * - a reading older than the last is no news;
 * - a smaller value of the same named life has wrapped, once for certain, where the counter has 32 bits; one of 64 was
 *   read before the last, whatever its clock says, and is no news: what was counted once is not counted again;
 * - a smaller value where lives have no names was set back, and counts from 0.
 * A total that a safe integer can't hold stays at the largest that it can.
 * @throws RangeError on a value that the counter can't have shown.
 */
export function count(counted: Counted, reading: Reading): Counted {
  checkValue(reading);
  const { last } = counted;
  if (last === undefined) return { total: counted.total, last: reading };
  if (last.boot === reading.boot && reading.at <= last.at) return counted;
  const bytes = passed(last, reading);
  if (bytes === undefined) return counted;
  return { total: Math.min(counted.total + bytes, Number.MAX_SAFE_INTEGER), last: reading };
}

/** Undefined where the reading is no news. */
function passed(last: Reading, reading: Reading): number | undefined {
  const grown = reading.value - last.value;
  // Another named life began at zero, after the last reading.
  if (last.life !== reading.life && last.life !== undefined && reading.life !== undefined) return reading.value;
  if (last.life !== reading.life) return 0;
  if (grown >= 0) return grown;
  if (reading.life === undefined) return reading.value;
  return reading.width === 32 ? grown + WRAP : undefined;
}

function checkValue({ value, width }: Reading): void {
  const fits = Number.isSafeInteger(value) && value >= 0 && (width === 64 || value < WRAP);
  if (!fits) throw new RangeError(`a counter of ${width} bits can't show ${value}`);
}
