import type { Signal } from '../../../../agent/ports/devices.ts';
import { AT_ONCE, type AtCommand } from '../command.ts';
import { fieldsAfter, numberOf } from '../fields.ts';

/** TS 27.007 8.5: signal quality. 0 is -113 dBm or less, 31 is -51 dBm or more, 99 is not known. */
export const SIGNAL: AtCommand<Signal> = {
  send: ['AT+CSQ'],
  claims: /^\+CSQ:/,
  read(lines) {
    const fields = fieldsAfter(lines, '+CSQ:');
    const [rssi, ber] = (fields ?? []).map(numberOf);
    if (rssi === undefined || ber === undefined) return undefined;
    // Values beyond 31 are scales of other radios; 0..7 as RXQUAL of TS 45.008 8.2.4.
    return { rssiDbm: rssi <= 31 ? -113 + 2 * rssi : undefined, bitErrorClass: ber <= 7 ? ber : undefined };
  },
  patience: AT_ONCE,
};

/** Levels as TS 27.007 8.69 codes them, each at the lower edge of its step. Undefined where the radio is another one. */
export type SignalDetail = {
  /** GSM, TS 45.008 8.1.4. */
  readonly rxlevDbm?: number | undefined;
  /** UTRA, TS 25.133 9.1.1.3 and 9.1.2.3. */
  readonly rscpDbm?: number | undefined;
  readonly ecnoDb?: number | undefined;
  /** E-UTRA, TS 36.133 9.1.4 and 9.1.7. */
  readonly rsrpDbm?: number | undefined;
  readonly rsrqDb?: number | undefined;
  readonly sinrDb?: number | undefined;
  /** NR, TS 38.133 10.1.6, 10.1.11 and 10.1.16. */
  readonly ssRsrpDbm?: number | undefined;
  readonly ssRsrqDb?: number | undefined;
  readonly ssSinrDb?: number | undefined;
};

/** TS 27.007 8.69: extended signal quality; the three NR values since release 15. */
export const EXTENDED_SIGNAL: AtCommand<SignalDetail> = {
  send: ['AT+CESQ'],
  claims: /^\+CESQ:/,
  read(lines) {
    const values = fieldsAfter(lines, '+CESQ:')?.map(numberOf);
    if (values === undefined || values.length < 6 || values.slice(0, 6).includes(undefined)) return undefined;
    const [rxlev, , rscp, ecno, rsrq, rsrp, ssRsrq, ssRsrp, ssSinr] = values;
    return {
      rxlevDbm: scaled(rxlev, 63, -111, 1),
      rscpDbm: scaled(rscp, 96, -121, 1),
      ecnoDb: scaled(ecno, 49, -24.5, 0.5),
      rsrpDbm: scaled(rsrp, 97, -141, 1),
      rsrqDb: scaled(rsrq, 34, -20, 0.5),
      ssRsrpDbm: scaled(ssRsrp, 126, -157, 1),
      ssRsrqDb: scaled(ssRsrq, 126, -43.5, 0.5),
      ssSinrDb: scaled(ssSinr, 127, -23.5, 0.5),
    };
  },
  patience: AT_ONCE,
};

const scaled = (n: number | undefined, most: number, lowest: number, step: number): number | undefined =>
  n === undefined || n < 0 || n > most ? undefined : lowest + n * step;
