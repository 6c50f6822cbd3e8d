import { setImmediate as settle } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../agent/edge/system-clock.ts';
import { millis } from '../../agent/model/units.ts';
import type { ModbusBus } from '../../firmware-ts/wires/modbus-bus.ts';
import { modbusRtu, modbusTcp } from '../../firmware-ts/wires/node/modbus-bus.ts';
import { createMemoryModbus } from '../../hw-sim/devices/memory-wires.ts';
import { serveModbusRtu, serveModbusTcp } from '../../hw-sim/devices/modbus-server.ts';
import { createModbusUps, type ModbusUps } from '../../hw-sim/devices/modbus-ups.ts';
import { createPty } from '../../hw-sim/devices/pty.ts';

type Bench = { readonly bus: ModbusBus; readonly clear: () => Promise<void> };

const PATIENCE = millis(150);
const UNIT = 7;

async function memoryBench(ups: ModbusUps): Promise<Bench> {
  return { bus: createMemoryModbus(ups, systemClock(), PATIENCE), clear: async () => undefined };
}

async function tcpBench(ups: ModbusUps): Promise<Bench> {
  const server = await serveModbusTcp(ups, '127.0.0.1');
  return { bus: modbusTcp('127.0.0.1', server.port, PATIENCE), clear: server.unplug };
}

async function rtuBench(ups: ModbusUps): Promise<Bench> {
  const pty = await createPty();
  serveModbusRtu(ups, pty.end);
  return { bus: modbusRtu(pty.path, 9_600, PATIENCE), clear: pty.close };
}

/** A cut on the loopback is heard in one of the next turns of the event loop. */
async function hearTheCut(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await settle();
}

describe.each([
  ['in memory', memoryBench],
  ['modbus-serial over TCP', tcpBench],
  ['modbus-serial over a serial line', rtuBench],
])('a Modbus bus, %s', (_, createBench) => {
  let bench: Bench | undefined;

  afterEach(async () => {
    await bench?.bus.close();
    await bench?.clear();
  });

  async function open() {
    const ups = createModbusUps(UNIT);
    bench = await createBench(ups);
    return { ups, bus: bench.bus };
  }

  it('reads one holding register and many', async () => {
    const { ups, bus } = await open();
    ups.set({ batteryPercent: 80 });
    expect(await bus.readHolding(UNIT, 130, 1)).toEqual([80 * 512]);
    expect(await bus.readHolding(UNIT, 129, 4)).toEqual([0, 80 * 512, 0, 0]);
    expect(await bus.readHolding(UNIT, 0, 125)).toHaveLength(125);
  });

  it('reads input registers', async () => {
    const { ups, bus } = await open();
    ups.set({ mains: false });
    expect(await bus.readInput(UNIT, 150, 1)).toEqual([0b100]);
  });

  it('reads exactly the discrete inputs that were asked for', async () => {
    const { ups, bus } = await open();
    expect(await bus.readDiscrete(UNIT, 0, 3)).toEqual([false, true, false]);
    ups.set({ selfTest: true });
    expect(await bus.readDiscrete(UNIT, 0, 9)).toEqual([false, false, true, false, false, false, false, true, false]);
  });

  it('tells an exception from silence, and goes on after it', async () => {
    const { bus } = await open();
    await expect(bus.readHolding(UNIT, 199, 2)).rejects.toMatchObject({
      code: 'modbus.silent',
      context: { unit: UNIT, exception: 2 },
    });
    expect(await bus.readHolding(UNIT, 199, 1)).toEqual([0]);
  });

  it('hears nothing from a unit that is not there', async () => {
    const { bus } = await open();
    const failure = await bus.readHolding(UNIT + 1, 130, 1).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'modbus.silent', context: { unit: UNIT + 1 } });
    expect(failure).not.toHaveProperty('context.exception');
  });

  it('is back after a silence', async () => {
    const { ups, bus } = await open();
    ups.silence(true);
    await expect(bus.readHolding(UNIT, 130, 1)).rejects.toMatchObject({ code: 'modbus.silent' });
    ups.silence(false);
    expect(await bus.readHolding(UNIT, 130, 1)).toEqual([51_200]);
  });

  it('gives every one of many questions at once its own answer', async () => {
    const { bus } = await open();
    const answers = await Promise.all([
      bus.readHolding(UNIT, 130, 1),
      bus.readHolding(UNIT + 1, 130, 1).catch(() => 'silent'),
      bus.readInput(UNIT, 150, 1),
      bus.readHolding(UNIT, 130, 2),
    ]);
    expect(answers).toEqual([[51_200], 'silent', [1], [51_200, 0]]);
  });

  it('can be closed twice', async () => {
    const { bus } = await open();
    await bus.readHolding(UNIT, 130, 1);
    await bus.close();
    await bus.close();
  });
});

describe('a Modbus bus over TCP', () => {
  it('reconnects to a UPS that was unplugged and is back (G-7)', async () => {
    const ups = createModbusUps(UNIT);
    const server = await serveModbusTcp(ups, '127.0.0.1');
    const bus = modbusTcp('127.0.0.1', server.port, PATIENCE);
    expect(await bus.readHolding(UNIT, 130, 1)).toEqual([51_200]);
    await server.unplug();
    await expect(bus.readHolding(UNIT, 130, 1)).rejects.toMatchObject({ code: 'modbus.silent' });
    await expect(bus.readHolding(UNIT, 130, 1)).rejects.toMatchObject({ code: 'modbus.silent' });
    await server.plug();
    expect(await bus.readHolding(UNIT, 130, 1)).toEqual([51_200]);
    await bus.close();
    await server.unplug();
  });

  it('loses no answer to a UPS that was unplugged and back before the next question', async () => {
    const ups = createModbusUps(UNIT);
    const server = await serveModbusTcp(ups, '127.0.0.1');
    const bus = modbusTcp('127.0.0.1', server.port, PATIENCE);
    await bus.readHolding(UNIT, 130, 1);
    await server.unplug();
    await server.plug();
    await hearTheCut();
    expect(await bus.readHolding(UNIT, 130, 1)).toEqual([51_200]);
    await bus.close();
    await server.unplug();
  });

  it('loses one answer to a UPS that restarted without a word', async () => {
    const ups = createModbusUps(UNIT);
    const server = await serveModbusTcp(ups, '127.0.0.1');
    const bus = modbusTcp('127.0.0.1', server.port, PATIENCE);
    await bus.readHolding(UNIT, 130, 1);
    server.restart();
    await expect(bus.readHolding(UNIT, 130, 1)).rejects.toMatchObject({ code: 'modbus.silent' });
    expect(await bus.readHolding(UNIT, 130, 1)).toEqual([51_200]);
    await bus.close();
    await server.unplug();
  });
});
