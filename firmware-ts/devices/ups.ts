import { Fault, isFault } from '../../agent/model/fault.ts';
import type { Power } from '../../agent/ports/devices.ts';
import type { ModbusBus } from '../wires/modbus-bus.ts';

type Table = 'discrete' | 'holding' | 'input';

/** Where a UPS says that its mains are there, and how full its battery is. */
export type UpsRegisters = {
  /** `bit` is 0 for a discrete input. */
  readonly mains: {
    readonly table: Table;
    readonly address: number;
    readonly bit: number;
    readonly presentWhen: boolean;
  };
  readonly battery: {
    readonly table: Exclude<Table, 'discrete'>;
    readonly address: number;
    readonly perPercent: number;
  };
  /** Signed, so many to a degree Celsius. */
  readonly temperature?: Word & { readonly perDegree: number };
  /** ASCII, two letters a register, the high one first. */
  readonly serial?: Word & { readonly count: number };
};

type Word = { readonly table: Exclude<Table, 'discrete'>; readonly address: number };

/**
 * APC Smart-UPS, Schneider Electric application note 176 (MPAO-98KJ7F): InputStatus_BF bit 0 "acceptable",
 * StateOfCharge_Pct with nine binary places, Battery.Temperature with seven, SerialNumber_STR. UPSStatus_BF "on battery" would also count a self-test as a mains failure,
 * and a mains failure is an excuse before the contract (G-7).
 */
export const APC_SMART_UPS: UpsRegisters = {
  mains: { table: 'holding', address: 150, bit: 0, presentWhen: true },
  battery: { table: 'holding', address: 130, perPercent: 512 },
  temperature: { table: 'holding', address: 135, perDegree: 128 },
  serial: { table: 'holding', address: 564, count: 8 },
};

interface Ups {
  /** G-7. @throws Fault 'modbus.silent', 'modbus.garbage' for values that no UPS has. */
  power(): Promise<Power>;
}

export function createUps(bus: ModbusBus, unit: number, registers: UpsRegisters): Ups {
  /** What the unit has besides is asked once, and again after it was silent: it may be another one then. */
  let serial: string | undefined;
  let known = false;
  return {
    async power() {
      const { mains, battery, temperature } = registers;
      try {
        const bit = await readBit(bus, unit, mains);
        const charge = (await readWord(bus, unit, battery.table, battery.address)) / battery.perPercent;
        if (!known) serial = await readSerial(bus, unit, registers);
        const celsius = temperature && (await optional(() => readDegrees(bus, unit, temperature)));
        if (charge > MOST_PERCENT || (celsius !== undefined && (celsius < COLDEST || celsius > HOTTEST)))
          throw new Fault('modbus.garbage', { unit, charge, celsius });
        known = true;
        const power = { mains: bit === mains.presentWhen, batteryPercent: Math.min(100, Math.round(charge)) };
        return { ...power, ...(celsius !== undefined && { celsius }), ...(serial !== undefined && { serial }) };
      } catch (error) {
        known = false;
        throw error;
      }
    },
  };
}

/** A full battery may say a little more than it holds. */
const MOST_PERCENT = 105;
const COLDEST = -40;
const HOTTEST = 120;

/** A unit without such a register refuses it by an exception, and that is an answer. */
async function optional<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isFault(error, 'modbus.silent') && error.context.exception !== undefined) return undefined;
    throw error;
  }
}

async function readDegrees(
  bus: ModbusBus,
  unit: number,
  place: Word & { readonly perDegree: number },
): Promise<number> {
  const word = await readWord(bus, unit, place.table, place.address);
  return (word > 0x7fff ? word - 0x1_0000 : word) / place.perDegree;
}

async function readSerial(bus: ModbusBus, unit: number, { serial }: UpsRegisters): Promise<string | undefined> {
  const words = serial && (await optional(() => bus.readHolding(unit, serial.address, serial.count)));
  const text = words?.map((word) => String.fromCharCode(word >> 8, word & 0xff)).join('') ?? '';
  const plain = text.replaceAll(/[^\x21-\x7e]/g, '');
  return plain === '' ? undefined : plain;
}

async function readBit(bus: ModbusBus, unit: number, place: UpsRegisters['mains']): Promise<boolean> {
  if (place.table === 'discrete') return (await bus.readDiscrete(unit, place.address, 1))[0] === true;
  return ((await readWord(bus, unit, place.table, place.address)) >> place.bit) % 2 === 1;
}

async function readWord(bus: ModbusBus, unit: number, table: 'holding' | 'input', address: number): Promise<number> {
  const read = table === 'holding' ? bus.readHolding : bus.readInput;
  return (await read(unit, address, 1))[0] ?? 0;
}
