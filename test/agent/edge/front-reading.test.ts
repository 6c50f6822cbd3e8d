import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readLamps, readThermalZones, rememberLamps } from '../../../agent/edge/front-reading.ts';
import type { LampStates } from '../../../agent/model/board.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('what support sees of the front of a box (M-1, G-2, G-7)', () => {
  it('G-2: lamps are as they were last shown, with the cycle that they repeat', () => {
    const lit: LampStates[] = [];
    const lamps = rememberLamps({ show: (states) => lit.push(states), close: () => undefined });
    expect(readLamps(lamps.shown())).toEqual([]);
    lamps.show({ box: 'slow', access: 'on', alarm: 'off' });
    lamps.show({ box: 'on', access: 'fast', alarm: 'off' });
    expect(lit).toHaveLength(2);
    expect(readLamps(lamps.shown())).toMatchObject([
      { name: 'box', state: 'shows', cycle: [{ brightness: 100 }] },
      { name: 'access', state: 'shows', cycle: [{ duration: 200, brightness: 100 }, { brightness: 0 }] },
      { name: 'alarm', state: 'off', cycle: [] },
    ]);
  });

  it('G-7: the zones of the kernel, in their order, by their names; one that does not answer has no value', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relais-thermal-'));
    folders.push(folder);
    const zone = (number: number, files: Readonly<Record<string, string>>) => {
      mkdirSync(join(folder, `thermal_zone${number}`));
      for (const [name, text] of Object.entries(files))
        writeFileSync(join(folder, `thermal_zone${number}`, name), text);
    };
    mkdirSync(join(folder, 'cooling_device0'));
    zone(10, { type: 'modem\n', temp: '-2147483648\n' });
    zone(2, { type: 'cpu-thermal\n', temp: '48312\n' });
    zone(0, { type: 'ddr\n' });
    zone(3, { temp: '-4500\n' });
    expect(readThermalZones(folder)).toEqual([
      { name: 'ddr' },
      { name: 'cpu-thermal', celsius: 48 },
      { name: 'thermal_zone3', celsius: -4 },
      { name: 'modem' },
    ]);
    expect(readThermalZones(join(folder, 'nothing'))).toEqual([]);
  });
});
