import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seconds } from '../../agent/model/units.ts';
import { createCommands } from '../../firmware-ts/wires/node/commands.ts';
import { createAtModem } from '../../hw-sim/devices/at-modem.ts';
import { serveModbusTcp } from '../../hw-sim/devices/modbus-server.ts';
import { createModbusUps } from '../../hw-sim/devices/modbus-ups.ts';
import { createPty } from '../../hw-sim/devices/pty.ts';
import { startSsdpDevice } from '../../hw-sim/devices/ssdp-device.ts';
import { type Bundle, bundle } from './bundle.ts';

const DRIVER = "import { run } from './main.js'; process.exitCode = await run(process.argv.slice(2));";
const commands = createCommands(seconds(20));

let built: Bundle;
let driver: string;
let clears: readonly (() => Promise<void>)[] = [];

beforeAll(async () => {
  built = await bundle('firmware-ts/main.ts');
  driver = join(dirname(built.path), 'driver.js');
  await writeFile(driver, DRIVER);
});

afterAll(() => built.clear());

afterEach(async () => {
  for (const clear of clears) await clear();
  clears = [];
});

const relais = (...args: readonly string[]) => commands.run(process.execPath, [driver, ...args]);

async function plugIn() {
  const pty = await createPty();
  const modem = createAtModem(pty.end);
  const ups = createModbusUps(1);
  const server = await serveModbusTcp(ups, '127.0.0.1');
  clears = [pty.close, server.unplug];
  return { modem, ups, modemPath: pty.path, upsPlace: `127.0.0.1:${server.port}` };
}

describe('relais devices', () => {
  it('prints what modem, UPS and LAN say (S-12, G-7)', async () => {
    const { modem, ups, modemPath, upsPlace } = await plugIn();
    const printer = await startSsdpDevice(
      { uuid: 'cafe', deviceType: 'urn:schemas-upnp-org:device:Printer:1', location: 'http://127.0.0.1/d.xml' },
      '127.0.0.1',
    );
    clears = [...clears, printer.close];
    modem.set({ rssi: 10, ber: 3 });
    ups.set({ mains: false, batteryPercent: 55 });
    const { status, stdout } = await relais('devices', '--modem', modemPath, '--ups', upsPlace, '--lan', '127.0.0.1');
    expect(stdout.split('\n')).toEqual([
      'modem  -93 dBm, bit error class 3',
      'ups    mains failed, battery 55 %',
      'lan    127.0.0.1  uuid:cafe::upnp:rootdevice  http://127.0.0.1/d.xml',
      '',
    ]);
    expect(status).toBe(0);
  });

  it('prints the same as JSON', async () => {
    const { modemPath, upsPlace } = await plugIn();
    const { status, stdout } = await relais('devices', '--modem', modemPath, '--ups', upsPlace, '--json');
    expect(JSON.parse(stdout)).toEqual({
      signal: { rssiDbm: -73 },
      power: { mains: true, batteryPercent: 100 },
      inventory: [],
    });
    expect(status).toBe(0);
  });

  it('says what does not answer, and fails', async () => {
    const { ups, upsPlace } = await plugIn();
    ups.silence(true);
    const { status, stdout } = await relais('devices', '--modem', '/dev/no-such-modem', '--ups', upsPlace);
    expect(stdout).toBe('modem  no answer\nups    no answer\n');
    expect(status).toBe(1);
  });

  const misuses: readonly (readonly string[])[] = [
    [],
    ['devices', '--ups', 'nowhere'],
    ['devices', '--color'],
    ['supervise'],
  ];
  it.each(misuses.map((args) => [args]))('says how it is used when called with %j', async (args) => {
    const { status, stderr } = await relais(...args);
    expect(status).toBe(64);
    expect(stderr).toContain('usage: relais');
  });
});
