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
};

/**
 * APC Smart-UPS, Schneider Electric application note 176 (MPAO-98KJ7F): InputStatus_BF bit 0 "acceptable" and
 * StateOfCharge_Pct with nine binary places. UPSStatus_BF "on battery" would also count a self-test as a mains failure,
 * and a mains failure is an excuse before the contract (G-7).
 */
export const APC_SMART_UPS: UpsRegisters = {
  mains: { table: 'holding', address: 150, bit: 0, presentWhen: true },
  battery: { table: 'holding', address: 130, perPercent: 512 },
};

interface Ups {
  /** G-7. @throws Fault 'modbus.silent'. */
  power(): Promise<Power>;
}

export function createUps(bus: ModbusBus, unit: number, registers: UpsRegisters): Ups {
  return {
    async power() {
      const { mains, battery } = registers;
      const bit = await readBit(bus, unit, mains);
      const charge = await readWord(bus, unit, battery.table, battery.address);
      const percent = Math.round(charge / battery.perPercent);
      return { mains: bit === mains.presentWhen, batteryPercent: Math.min(100, percent) };
    },
  };
}

async function readBit(bus: ModbusBus, unit: number, place: UpsRegisters['mains']): Promise<boolean> {
  if (place.table === 'discrete') return (await bus.readDiscrete(unit, place.address, 1))[0] === true;
  return ((await readWord(bus, unit, place.table, place.address)) >> place.bit) % 2 === 1;
}

async function readWord(bus: ModbusBus, unit: number, table: 'holding' | 'input', address: number): Promise<number> {
  const read = table === 'holding' ? bus.readHolding : bus.readInput;
  return (await read(unit, address, 1))[0] ?? 0;
}
