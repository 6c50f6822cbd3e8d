import type { ModbusBus } from '../../firmware-ts/wires/modbus-bus.ts';
import type { ModbusPlace } from '../model/board.ts';
import { seconds } from '../model/units.ts';

/** One bus for each place: a serial line has one master, and its units share it (Modbus over Serial Line 1.02, 2.1). */
export async function openBus(place: ModbusPlace): Promise<ModbusBus> {
  const { modbusRtu, modbusTcp } = await import('../../firmware-ts/wires/node/modbus-bus.ts');
  const { host = '', port, path, baudRate } = place;
  if (path !== undefined) return modbusRtu(path, baudRate, seconds(2));
  return modbusTcp(host, port, seconds(2));
}
