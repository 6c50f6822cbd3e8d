import type { Card } from '../../agent/model/data-counted.ts';
import { type Millis, millis, seconds } from '../../agent/model/units.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { Devices, LanDevice, Power, Signal } from '../../agent/ports/devices.ts';
import type { Life } from './life.ts';
import type { SimRandom } from './sim-random.ts';

/** The bytes of modem, UPS and SSDP are simulated elsewhere; here only what they would say. */
export type SimDevices = {
  port(life: Life): Devices;
  cutMains(): void;
  mendMains(): void;
  /** The modem says nothing any more, or speaks again. */
  silenceModem(silent: boolean): void;
  /** Another card is in the modem, or the same one abroad. */
  seat(card: Card): void;
};

type Shelf = {
  readonly clock: Clock;
  readonly random: SimRandom;
  mains: boolean;
  modemSilent: boolean;
  card: Card;
  /** Battery in percent at `chargeAt`; it runs down or fills from there. */
  charge: number;
  chargeAt: number;
  rssi: number;
  driftAt: number;
};

const SIGNAL_TAKES = millis(300);
const CARD_TAKES = millis(600);
const POWER_TAKES = millis(30);
const INVENTORY_TAKES = seconds(2);
const DRIFT_EVERY = seconds(60);
/** The battery holds the box for two hours and is full again after six. */
const EMPTY_AFTER = seconds(2 * 3_600);
const FULL_AFTER = seconds(6 * 3_600);

const CARD: Card = { iccid: '8933010000000000017', network: 'home' };

const PRINTER: LanDevice = {
  usn: 'uuid:6c3f0d9e-1f2b-4c55-9d0e-0012f3a4b5c6::urn:schemas-upnp-org:device:Printer:1',
  location: 'http://192.168.20.40:8080/description.xml',
  address: '192.168.20.40',
};

export function createSimDevices(clock: Clock, random: SimRandom): SimDevices {
  const start = { mains: true, modemSilent: false, card: CARD, charge: 100, chargeAt: 0, rssi: -77, driftAt: 0 };
  const shelf: Shelf = { clock, random, ...start };
  return {
    port: (life) => createPort(shelf, life),
    cutMains: () => turnMains(shelf, false),
    mendMains: () => turnMains(shelf, true),
    silenceModem: (silent) => {
      shelf.modemSilent = silent;
    },
    seat: (card) => {
      shelf.card = card;
    },
  };
}

function createPort(shelf: Shelf, life: Life): Devices {
  let open = true;
  const answer = (takes: Millis, say: () => void) => {
    shelf.clock.after(takes, () => {
      if (life.alive() && open) say();
    });
  };
  return {
    signal: (done) => answer(SIGNAL_TAKES, () => done(signalOf(shelf))),
    card: (done) => answer(CARD_TAKES, () => done(shelf.modemSilent ? undefined : shelf.card)),
    power: (done) => answer(POWER_TAKES, () => done(powerOf(shelf))),
    inventory: (done) => answer(INVENTORY_TAKES, () => done([PRINTER])),
    close: () => {
      open = false;
    },
  };
}

/** The signal walks by a step of 2 dB (TS 27.007 8.5) a minute, whether or not somebody looks. */
function signalOf(shelf: Shelf): Signal | undefined {
  for (; shelf.driftAt + DRIFT_EVERY <= shelf.clock.mono(); shelf.driftAt += DRIFT_EVERY) {
    const step = shelf.random.pick([-2, 0, 0, 2]);
    shelf.rssi = Math.min(-51, Math.max(-113, shelf.rssi + step));
  }
  if (shelf.modemSilent) return undefined;
  return { rssiDbm: shelf.rssi, bitErrorClass: shelf.rssi < -101 ? 3 : 0 };
}

function powerOf(shelf: Shelf): Power {
  return { mains: shelf.mains, batteryPercent: Math.round(chargeNow(shelf)) };
}

function chargeNow(shelf: Shelf): number {
  const passed = shelf.clock.mono() - shelf.chargeAt;
  const change = shelf.mains ? passed / FULL_AFTER : -passed / EMPTY_AFTER;
  return Math.min(100, Math.max(0, shelf.charge + 100 * change));
}

function turnMains(shelf: Shelf, mains: boolean): void {
  shelf.charge = chargeNow(shelf);
  shelf.chargeAt = shelf.clock.mono();
  shelf.mains = mains;
}
