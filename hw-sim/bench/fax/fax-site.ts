import type { BridgeNews } from '../../../agent/fax/bridge/bridge-state.ts';
import { millis } from '../../../agent/model/units.ts';
import { createFaxBridge, type FaxBridge } from '../../../agent/runtime/fax-bridge.ts';
import { createTurns } from '../../../agent/runtime/turns.ts';
import { createFaxModem } from '../../../firmware-ts/devices/fax-modem/fax-modem.ts';
import { type Class1Modem, createClass1Modem } from '../../fax/class1-modem.ts';
import type { MachineSide, ModemFaults } from '../../fax/modem-works.ts';
import type { PhoneSignal } from '../../fax/phone-signal.ts';
import { createTimedCable } from '../../fax/timed-cable.ts';
import type { SimClock } from '../../site/sim-clock.ts';

export type SiteWish = {
  readonly lead?: number;
  readonly baudRate?: number;
  readonly faults?: Partial<ModemFaults>;
  /** T38FaxMaxDatagram of the peer. */
  readonly largest?: number;
  readonly trainingCheck?: 'transferred' | 'local';
};

/** As a USB adapter hands octets over. */
const HANDFUL = 62;

/** A fax machine behind our modem driver and our bridge. */
export type FaxSite<M> = {
  readonly bridge: FaxBridge;
  readonly machine: M;
  readonly news: readonly BridgeNews[];
  readonly isOver: () => boolean;
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
  const news: BridgeNews[] = [];
  const bridge = createFaxBridge({
    line: modem,
    clock,
    turns: createTurns(),
    send: outside.send,
    tell(one) {
      news.push(one);
      if (one.on === 'fax-heard') outside.faxHeard();
    },
    rules: {
      version: 0,
      largest: wish.largest ?? 1_400,
      repair: 'secondaries',
      maxBitRate: 14_400,
      ecm: true,
      trainingCheck: wish.trainingCheck ?? 'transferred',
    },
  });
  modem.order({ do: 'set-up' });
  return {
    bridge,
    machine,
    news,
    isOver: () => news.some(({ on }) => on === 'over'),
    mishaps: () => sim.tally().dropped + sim.tally().overrun + sim.tally().framesLost,
  };
}
