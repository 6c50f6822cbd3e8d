import { millis } from '../../../agent/model/units.ts';
import { createFaxModem } from '../../../firmware-ts/devices/fax-modem/fax-modem.ts';
import { type Class1Modem, createClass1Modem } from '../../fax/class1-modem.ts';
import type { MachineSide, ModemFaults } from '../../fax/modem-works.ts';
import type { PhoneSignal } from '../../fax/phone-signal.ts';
import { createTimedCable } from '../../fax/timed-cable.ts';
import type { SimClock } from '../../site/sim-clock.ts';
import { type BridgeSite, type BridgeWish, createBridgeSite } from './bridge-site.ts';

export type SiteWish = BridgeWish & {
  readonly lead?: number;
  readonly baudRate?: number;
  readonly faults?: Partial<ModemFaults>;
};

/** As a USB adapter hands octets over. */
const HANDFUL = 62;

/** A fax machine behind our modem driver and our bridge. */
export type FaxSite<M> = BridgeSite & {
  readonly machine: M;
  readonly mishaps: () => number;
};

type Outside = { readonly send: (datagram: Uint8Array) => void; readonly faxHeard: () => void };

export function createFaxSite<M extends MachineSide>(
  clock: SimClock,
  wish: SiteWish,
  make: (say: (signal: PhoneSignal) => number) => M,
  outside: Outside,
): FaxSite<M> {
  const { line, end } = createTimedCable(clock, wish.baudRate ?? 115_200, HANDFUL);
  const machine = make((signal) => sim.hear(signal));
  const sim: Class1Modem = createClass1Modem({
    cable: end,
    clock,
    machine,
    ...(wish.faults ? { faults: wish.faults } : {}),
  });
  const modem = createFaxModem(line, clock, { lead: millis(wish.lead ?? 800) });
  return {
    ...createBridgeSite(clock, modem, wish, outside),
    machine,
    mishaps: () => sim.tally().dropped + sim.tally().overrun + sim.tally().framesLost,
  };
}
