import { afterEach, describe, expect, it } from 'vitest';
import { openBus } from '../../../agent/commands/open-bus.ts';
import { systemClock } from '../../../agent/edge/system-clock.ts';
import type { Power } from '../../../agent/ports/devices.ts';
import { createDevices } from '../../../firmware-ts/devices/box-devices.ts';
import { APC_SMART_UPS } from '../../../firmware-ts/devices/ups.ts';
import { serveModbusRtu } from '../../../hw-sim/devices/modbus-server.ts';
import { createModbusUps } from '../../../hw-sim/devices/modbus-ups.ts';
import { createPty } from '../../../hw-sim/devices/pty.ts';

const UNIT = 1;
const SLOW_MS = 2_100;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

describe('G-7, M-4: a UPS on a serial line of the box', () => {
  it('that takes two seconds and answers in pieces is heard; one that falls silent in the middle of a frame is absent, holds up nobody, and is back', {
    timeout: 60_000,
  }, async () => {
    const pty = await createPty();
    ends.push(() => pty.close());
    let way: 'slow' | 'torn' | 'well' = 'slow';
    serveModbusRtu(createModbusUps(UNIT), {
      hear: pty.end.hear,
      say(bytes) {
        if (way === 'well') return pty.end.say(bytes);
        pty.end.say(bytes.subarray(0, 3));
        if (way === 'slow') setTimeout(() => pty.end.say(bytes.subarray(3)), SLOW_MS);
        // Slow once: each reading is several questions.
        if (way === 'slow') way = 'well';
      },
    });
    const bus = await openBus({ path: pty.path, baudRate: 9_600, port: 502, unit: UNIT });
    const devices = createDevices({ clock: systemClock(), ups: { bus, unit: UNIT, registers: APC_SMART_UPS } });
    ends.push(() => devices.close());
    const power = () => new Promise<Power | undefined>((done) => devices.power(done));
    const well = { mains: true, batteryPercent: 100 };
    expect(await power()).toMatchObject(well);
    way = 'torn';
    // The signal has no modem behind it and is answered meanwhile: nobody waits for the UPS but who asked it.
    const order: string[] = [];
    const torn = power().then((said) => {
      order.push('ups');
      return said;
    });
    devices.signal(() => void order.push('signal'));
    expect(await torn).toBeUndefined();
    expect(order).toEqual(['signal', 'ups']);
    way = 'well';
    expect(await power()).toMatchObject(well);
  });
});
