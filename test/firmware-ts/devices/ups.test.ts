import { afterEach, describe, expect, it } from 'vitest';
import { millis } from '../../../agent/model/units.ts';
import { APC_SMART_UPS, createUps } from '../../../firmware-ts/devices/ups.ts';
import type { ModbusBus } from '../../../firmware-ts/wires/modbus-bus.ts';
import { modbusRtu, modbusTcp } from '../../../firmware-ts/wires/node/modbus-bus.ts';
import { serveModbusRtu, serveModbusTcp } from '../../../hw-sim/devices/modbus-server.ts';
import { createModbusUps, type ModbusUps } from '../../../hw-sim/devices/modbus-ups.ts';
import { createPty } from '../../../hw-sim/devices/pty.ts';

const PATIENCE = millis(300);
type Bench = { readonly bus: ModbusBus; readonly clear: () => Promise<void> };

async function tcpBench(ups: ModbusUps): Promise<Bench> {
  const server = await serveModbusTcp(ups, '127.0.0.1');
  return { bus: modbusTcp('127.0.0.1', server.port, PATIENCE), clear: server.unplug };
}

async function rtuBench(ups: ModbusUps): Promise<Bench> {
  const pty = await createPty();
  serveModbusRtu(ups, pty.end);
  return { bus: modbusRtu(pty.path, 9_600, PATIENCE), clear: pty.close };
}

describe.each([
  ['Modbus TCP', tcpBench],
  ['Modbus RTU over a pty', rtuBench],
])('G-7: a UPS over %s', (_, createBench) => {
  let bench: Bench | undefined;
  afterEach(async () => {
    await bench?.bus.close();
    await bench?.clear();
  });

  async function open() {
    const sim = createModbusUps(1);
    bench = await createBench(sim);
    return { sim, ups: createUps(bench.bus, 1, APC_SMART_UPS) };
  }

  it('says mains, battery, temperature below zero too, and which unit it is', async () => {
    const { sim, ups } = await open();
    sim.set({ batteryPercent: 64, celsius: -7.5 });
    expect(await ups.power()).toEqual({ mains: true, batteryPercent: 64, celsius: -7.5, serial: 'AS1234567890' });
    sim.set({ mains: false });
    expect(await ups.power()).toMatchObject({ mains: false });
  });

  it('that says what no UPS says is taken for silent, and believed again when it comes to its mind', async () => {
    const { sim, ups } = await open();
    sim.set({ garbage: 0xffff });
    await expect(ups.power()).rejects.toMatchObject({ code: 'modbus.garbage' });
    sim.set({ garbage: undefined });
    expect(await ups.power()).toMatchObject({ mains: true, batteryPercent: 100 });
  });

  it('that was exchanged while it was silent is another one', async () => {
    const { sim, ups } = await open();
    await ups.power();
    sim.silence(true);
    await expect(ups.power()).rejects.toMatchObject({ code: 'modbus.silent' });
    sim.silence(false);
    sim.set({ serial: 'ZZ0000000001' });
    expect((await ups.power()).serial).toBe('ZZ0000000001');
  });
});
