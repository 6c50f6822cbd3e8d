/** Microseconds that messages were on their way, of a phase. */
export type Delays = { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };

/** Names the moment of sending in a message; the clocks of all processes of a machine are one (CLOCK_MONOTONIC). */
export const STAMP = 'X-Sent';

export const nowMicros = (): number => Number(process.hrtime.bigint() / 1_000n);

/** Microseconds since the stamp of this message; undefined when it has none. */
export function ageOf(message: string): number | undefined {
  const at = message.indexOf(`${STAMP}: `);
  if (at < 0) return undefined;
  const sent = Number.parseInt(message.slice(at + STAMP.length + 2, at + STAMP.length + 22), 10);
  return nowMicros() - sent;
}

export function delaysOf(micros: readonly number[]): Delays {
  const sorted = micros.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}
