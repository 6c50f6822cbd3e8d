import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LampStates } from '../../../agent/model/board.ts';
import type { Fault } from '../../../agent/model/fault.ts';
import { millis, seconds } from '../../../agent/model/units.ts';
import { modbusLamps, sysfsLamps } from '../../../firmware-ts/devices/lamps.ts';
import { ledFiles } from '../../../firmware-ts/wires/node/led-files.ts';
import { modbusTcp } from '../../../firmware-ts/wires/node/modbus-bus.ts';
import { createMemoryModbus } from '../../../hw-sim/devices/memory-wires.ts';
import { createModbusIo } from '../../../hw-sim/devices/modbus-io.ts';
import { serveModbusTcp } from '../../../hw-sim/devices/modbus-server.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';
import { letPass } from '../let-pass.ts';

const states = (box: LampStates['box'], access: LampStates['access'] = 'off', alarm: LampStates['alarm'] = 'off') => ({
  box,
  access,
  alarm,
});
const ATTRIBUTES = ['trigger', 'brightness', 'delay_on', 'delay_off'];

describe('G-2, M-3: lamps of the kernel', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Files as the LED class makes them; what a real driver would do with them is left out. */
  function leds(...names: string[]) {
    folder = mkdtempSync(join(tmpdir(), 'relais-leds-'));
    for (const name of names) {
      mkdirSync(join(folder, name));
      for (const attribute of ATTRIBUTES) writeFileSync(join(folder, name, attribute), '');
    }
    const read = (name: string) => ATTRIBUTES.map((attribute) => readFileSync(join(folder, name, attribute), 'utf8'));
    return { read, faults: [] as Fault[] };
  }

  it('are lit, darkened, and left to the kernel to blink', async () => {
    const { read, faults } = leds('apu:green:1', 'apu:green:2');
    const lamps = sysfsLamps({ box: 'apu:green:1', access: 'apu:green:2' }, ledFiles(folder), (fault) =>
      faults.push(fault),
    );
    lamps.show(states('on', 'slow'));
    await vi.waitFor(() =>
      expect([read('apu:green:1'), read('apu:green:2')]).toEqual([
        ['none', '255', '', ''],
        ['timer', '', '1000', '1000'],
      ]),
    );
    lamps.show(states('off', 'fast'));
    await vi.waitFor(() => expect(read('apu:green:2')[2]?.startsWith('200')).toBe(true));
    expect(faults).toEqual([]);
  });

  it('that are not there are told of once, with the remedy, and the others are lit', async () => {
    const { read, faults } = leds('apu:green:2');
    const lamps = sysfsLamps({ box: 'apu:green:9', access: 'apu:green:2' }, ledFiles(folder), (fault) =>
      faults.push(fault),
    );
    lamps.show(states('on', 'on'));
    lamps.show(states('off', 'on'));
    await vi.waitFor(() => expect(read('apu:green:2')[1]).toContain('255'));
    expect(faults.map(({ code, context }) => [code, context.led])).toEqual([['lamp.refused', 'apu:green:9']]);
  });
});

describe('G-2, M-3: lamps on a Modbus module', () => {
  it('blink by their coils, and are lit again on a module that was exchanged', async () => {
    const clock = createSimClock(millis(0));
    const io = createModbusIo(3, 8);
    const bus = createMemoryModbus(io, clock, millis(50));
    const lamps = modbusLamps({ bus, unit: 3, coils: { box: 0, access: 4, alarm: 7 } }, clock, () => undefined);
    lamps.show(states('on', 'slow', 'fast'));
    const seen: string[] = [];
    for (let step = 0; step < 12; step += 1) {
      seen.push([0, 4, 7].map((coil) => (io.coils()[coil] ? '#' : '.')).join(''));
      await letPass(clock, millis(200));
    }
    expect(seen).toEqual(['###', '##.', '###', '##.', '###', '#..', '#.#', '#..', '#.#', '#..', '###', '##.']);
    const other = createModbusIo(3, 8);
    const next = modbusLamps(
      { bus: createMemoryModbus(other, clock, millis(50)), unit: 3, coils: { box: 0 } },
      clock,
      () => undefined,
    );
    other.silence(true);
    next.show(states('on'));
    await letPass(clock, seconds(1));
    other.silence(false);
    await letPass(clock, seconds(31));
    expect(other.coils()[0]).toBe(true);
    lamps.close();
    next.close();
  });

  it('are turned over the real wire', async () => {
    const io = createModbusIo(3, 8);
    const server = await serveModbusTcp(io, '127.0.0.1');
    const bus = modbusTcp('127.0.0.1', server.port, seconds(2));
    await bus.writeCoil(3, 5, true);
    expect(io.coils()[5]).toBe(true);
    await bus.writeCoil(3, 5, false);
    expect(io.coils()[5]).toBe(false);
    await expect(bus.writeCoil(3, 9, true)).rejects.toMatchObject({ code: 'modbus.silent', context: { exception: 2 } });
    await bus.close();
    await server.unplug();
  });
});
