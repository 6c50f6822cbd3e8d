import type { Signal } from '../../../agent/ports/devices.ts';

/** `read` answers undefined as long as the lines do not hold what was asked for. */
export type AtCommand<T> = {
  readonly send: string;
  readonly read: (lines: readonly string[]) => T | undefined;
};

/** V.250 6.2.4: no echo of commands. Its answer is the result code alone. */
export const QUIET: AtCommand<true> = { send: 'ATE0', read: () => true };

/** TS 27.007 8.5: signal quality. */
export const SIGNAL: AtCommand<Signal> = { send: 'AT+CSQ', read: readSignal };

function readSignal(lines: readonly string[]): Signal | undefined {
  for (const line of lines) {
    const values = /^\+CSQ: *(\d{1,3}), *(\d{1,3})$/.exec(line.trim());
    if (values !== null) return { rssiDbm: dbm(Number(values[1])), bitErrorClass: errorClass(Number(values[2])) };
  }
  return undefined;
}

/** TS 27.007 8.5: 0 is -113 dBm or less, 31 is -51 dBm or more, 99 is not known; other values mean other radios. */
const dbm = (rssi: number): number | undefined => (rssi <= 31 ? -113 + 2 * rssi : undefined);

/** TS 27.007 8.5: 0..7 as RXQUAL of TS 45.008 8.2.4, 99 is not known. */
const errorClass = (ber: number): number | undefined => (ber <= 7 ? ber : undefined);

/** TS 27.007 9 and V.250 5.7.1: how a modem ends its answer. Undefined for every other line. */
export function resultOf(line: string): 'ok' | 'refused' | undefined {
  if (line === 'OK') return 'ok';
  return /^(ERROR|\+CM[ES] ERROR: ?.*|COMMAND NOT SUPPORT)$/.test(line) ? 'refused' : undefined;
}
