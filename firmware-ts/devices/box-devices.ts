import type { Card } from '../../agent/model/data-counted.ts';
import { isFault } from '../../agent/model/fault.ts';
import type { Clock } from '../../agent/ports/clock.ts';
import type { Devices } from '../../agent/ports/devices.ts';
import type { ModbusBus } from '../wires/modbus-bus.ts';
import type { OpenSerialLine } from '../wires/serial-line.ts';
import type { Ssdp } from '../wires/ssdp.ts';
import { SIGNAL } from './at/commands/signal.ts';
import { createLanInventory } from './lan-inventory.ts';
import { answered, createModem, firstOf, type Modem } from './modem.ts';
import { readNetwork, readRegistration } from './radio.ts';
import { createUps, type UpsRegisters } from './ups.ts';

/** The wires that this box has; what is left out is not there. */
type BoxWires = {
  readonly clock: Clock;
  readonly modem?: OpenSerialLine | undefined;
  /** The modem where somebody else works with it as well. */
  readonly radio?: Modem | undefined;
  readonly ups?: { readonly bus: ModbusBus; readonly unit: number; readonly registers: UpsRegisters } | undefined;
  readonly lan?: Ssdp | undefined;
};

export function createDevices({ clock, modem, ups, lan, ...wires }: BoxWires): Devices {
  const radio = wires.radio ?? (modem && createModem(modem, clock));
  const supply = ups && createUps(ups.bus, ups.unit, ups.registers);
  const neighbors = lan && createLanInventory(lan);
  const signal = shared(async () => radio && answered(await radio.ask(SIGNAL)));
  const card = shared(async () => radio && cardIn(radio));
  const power = shared(() => heard(supply?.power()));
  const inventory = shared(() => heard(neighbors?.devices()));
  return {
    signal(done) {
      signal().then(done);
    },
    card(done) {
      card().then(done);
    },
    power(done) {
      power().then(done);
    },
    inventory(done) {
      inventory().then((devices) => done(devices ?? []));
    },
    close() {
      radio?.close();
      ups?.bus.close();
    },
  };
}

/** Undefined where the modem is absent or silent. */
async function cardIn(modem: Modem): Promise<Card | undefined> {
  const dialect = await modem.dialect();
  if (dialect === undefined) return undefined;
  const iccid = await firstOf(modem.ask, dialect.iccid);
  const state = (await readRegistration(modem))?.state;
  const network = state === 'home' || state === 'roaming' ? state : undefined;
  const plmn = network && (await readNetwork(modem));
  return {
    ...(iccid !== undefined && { iccid }),
    ...(network !== undefined && { network }),
    ...(plmn !== undefined && { plmn }),
  };
}

/** A device that is absent, silent or refuses is news; any other failure is a bug and stays one. */
async function heard<T>(answer: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** Whoever asks while the device is still thinking gets the same answer: a silent device gathers no queue. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined;
  return () => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}
