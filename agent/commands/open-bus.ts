import type { ModbusBus } from '../../firmware-ts/wires/modbus-bus.ts';
import type { ModbusPlace } from '../model/board.ts';
import { seconds } from '../model/units.ts';

/** A UPS that works on its battery takes two seconds for an answer at times; nobody waits for it but who asked. */
const PATIENCE = seconds(5);

/** Serial lines that are open, and how many devices are asked over each. */
const lines = new Map<string, { readonly bus: ModbusBus; users: number }>();

/** One bus for each place: a serial line has one master, and its units share it (Modbus over Serial Line 1.02, 2.1). */
export async function openBus({ host = '', port, path, baudRate }: ModbusPlace): Promise<ModbusBus> {
  const { modbusRtu, modbusTcp } = await import('../../firmware-ts/wires/node/modbus-bus.ts');
  if (path === undefined) return modbusTcp(host, port, PATIENCE);
  const line = lines.get(path) ?? { bus: modbusRtu(path, baudRate, PATIENCE), users: 0 };
  lines.set(path, line);
  line.users += 1;
  return {
    ...line.bus,
    async close() {
      line.users -= 1;
      if (line.users > 0) return;
      lines.delete(path);
      await line.bus.close();
    },
  };
}
