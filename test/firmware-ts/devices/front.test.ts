import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { knownBoards, loadBoard } from '../../../agent/edge/load-board.ts';
import { millis, minutes, seconds } from '../../../agent/model/units.ts';
import { guardBox } from '../../../firmware-ts/supervisor/guard.ts';
import { inputKey } from '../../../firmware-ts/wires/node/input-keys.ts';
import { openWatchdog, watchdogTime } from '../../../firmware-ts/wires/node/watchdog.ts';
import { createSimClock } from '../../../hw-sim/site/sim-clock.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'relais-front-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** A pipe stands for the device: it is opened, written and closed as the kernel would see it. */
function createDevice() {
  const device = join(place, 'watchdog0');
  execFileSync('mkfifo', [device]);
  const kernel = openSync(device, 'r+');
  const holder = { closed: false };
  // Only what was written is read: one byte stands for itself at the end.
  const seen = (): string => {
    writeSync(kernel, '|');
    const bytes = Buffer.alloc(1_000);
    return bytes.toString('latin1', 0, readSync(kernel, bytes)).slice(0, -1);
  };
  return { device, seen, end: () => holder.closed || closeSync(kernel) };
}

describe('a board is data (M-4, P-4)', () => {
  it.each(knownBoards())('%s: its description holds, and names itself', (name) => {
    const board = loadBoard(name);
    expect(board.name).toBe(name);
    expect(Object.keys(board.lamps).length).toBeGreaterThanOrEqual(2);
    expect(board.button?.code).toBe(408);
    expect(board.watchdog).toMatch(/^\/dev\/watchdog/);
  });

  it('M-4: a board without a description is refused with the field and those that are known', () => {
    expect(() => loadBoard('unheard-of')).toThrow(
      expect.objectContaining({
        code: 'config.refused',
        context: expect.objectContaining({ field: 'board', remedy: expect.stringContaining('pc-engines-apu2') }),
      }),
    );
  });

  const good = { name: 'own-board', label: 'Own', source: 'its manual', lamps: { box: 'own:green' } };
  it.each<readonly [string, object, string]>([
    ['a lamp that is a path', { lamps: { box: '../../etc/passwd' } }, 'board.lamps.box'],
    ['a lamp that nobody knows', { lamps: { roof: 'own:red' } }, 'board.lamps'],
    ['a watchdog that is no device', { watchdog: 'watchdog' }, 'board.watchdog'],
    ['a key code that does not exist', { button: { input: 'keys', code: 9_999 } }, 'board.button.code'],
    ['a field too many', { lamp: {} }, 'board.'],
    ['no source', { source: '' }, 'board.source'],
    ['another name than its file', { name: 'other-board' }, 'board.name'],
  ])('an operator’s own with %s is refused with the field and a remedy', (_, change, field) => {
    const file = join(place, 'own-board.json');
    writeFileSync(file, JSON.stringify({ ...good, ...change }));
    expect(() => loadBoard(file)).toThrow(
      expect.objectContaining({ context: expect.objectContaining({ field, remedy: expect.stringMatching(/./) }) }),
    );
  });

  it('an operator’s own that holds is taken', () => {
    writeFileSync(join(place, 'own-board.json'), JSON.stringify(good));
    expect(loadBoard(join(place, 'own-board.json')).lamps.box).toBe('own:green');
  });
});

describe('the watchdog of the hardware', () => {
  it('is petted while the agent works, left alone when it does not, and closed by magic at an orderly end', () => {
    const { device, seen, end } = createDevice();
    const clock = createSimClock(millis(0));
    const guard = guardBox(openWatchdog(device), clock, seconds(30));
    expect(seen()).toBe('.');
    // The agent is being started: it has its time.
    clock.advance(minutes(1));
    expect(seen()).toBe('......');
    for (let beat = 0; beat < 120; beat += 1) {
      guard.good('works');
      clock.advance(seconds(1));
    }
    expect(seen()).toBe('............');
    // It works no more: a last pet or two, and then nothing, for the timer of 30 s to run out.
    clock.advance(seconds(16));
    seen();
    clock.advance(minutes(10));
    expect(seen()).toBe('');
    guard.good('works');
    clock.advance(seconds(10));
    expect(seen()).toBe('.');
    guard.leave();
    clock.advance(minutes(10));
    expect(seen()).toBe('V');
    end();
  });

  it('is petted within a third of its time, however short that is', () => {
    const { device, seen, end } = createDevice();
    const clock = createSimClock(millis(0));
    guardBox(openWatchdog(device), clock, seconds(9));
    clock.advance(seconds(9));
    expect(seen()).toBe('....');
    end();
  });

  it('an agent that never comes up has six minutes, and the hardware has the last word', () => {
    const { device, seen, end } = createDevice();
    const clock = createSimClock(millis(0));
    guardBox(openWatchdog(device), clock, seconds(30)).good('starts');
    clock.advance(minutes(6));
    expect(seen().length).toBeGreaterThan(30);
    clock.advance(minutes(6));
    expect(seen()).toBe('');
    end();
  });

  it('says its time where the kernel tells it, and is refused with a remedy where it is not there', () => {
    mkdirSync(join(place, 'watchdog0'));
    writeFileSync(join(place, 'watchdog0', 'timeout'), '60\n');
    expect(watchdogTime('/dev/watchdog0', place)).toBe(60_000);
    expect(watchdogTime('/dev/watchdog7', place)).toBeUndefined();
    expect(() => openWatchdog(join(place, 'nowhere', 'watchdog0'))).toThrow(
      expect.objectContaining({ code: 'watchdog.refused', context: expect.objectContaining({ field: 'watchdog' }) }),
    );
  });
});

describe('the reset button', () => {
  it('is found by the name of its input device, and heard as pressed and released, repeats and other keys not', async () => {
    const classes = join(place, 'classes');
    for (const [event, name] of [
      ['event0', 'Power Button'],
      ['event1', 'apu2-keys'],
    ] as const) {
      mkdirSync(join(classes, event, 'device'), { recursive: true });
      writeFileSync(join(classes, event, 'device', 'name'), `${name}\n`);
    }
    execFileSync('mkfifo', [join(place, 'event1')]);
    const heard: boolean[] = [];
    const button = inputKey('apu2-keys', 408, { classes, devices: place });
    button.listen((pressed) => heard.push(pressed));
    const kernel = openSync(join(place, 'event1'), 'r+');
    const event = (type: number, code: number, value: number): Buffer => {
      const bytes = Buffer.alloc(24);
      bytes.writeUInt16LE(type, 16);
      bytes.writeUInt16LE(code, 18);
      bytes.writeInt32LE(value, 20);
      return bytes;
    };
    const all = Buffer.concat([
      event(1, 408, 1),
      event(0, 0, 0),
      event(1, 408, 2),
      event(1, 30, 1),
      event(1, 408, 0),
      event(1, 408, 1),
    ]);
    // Cut anywhere, as a pipe may.
    writeSync(kernel, all.subarray(0, 31));
    writeSync(kernel, all.subarray(31));
    await vi.waitFor(() => expect(heard).toEqual([true, false, true]), { timeout: 5_000 });
    button.close();
    closeSync(kernel);
  });

  it('M-3: does not keep a program alive that is to end: nobody may have to press it for a restart', () => {
    const classes = join(place, 'classes');
    mkdirSync(join(classes, 'event0', 'device'), { recursive: true });
    writeFileSync(join(classes, 'event0', 'device', 'name'), 'apu2-keys\n');
    execFileSync('mkfifo', [join(place, 'event0')]);
    const program = `
      import { closeSync, constants, openSync } from 'node:fs';
      import { inputKey } from ${JSON.stringify(resolve('dist/firmware-ts/wires/node/input-keys.js'))};
      openSync(${JSON.stringify(join(place, 'event0'))}, constants.O_RDWR);
      const button = inputKey('apu2-keys', 408, ${JSON.stringify({ classes, devices: place })});
      button.listen(() => undefined);
      setTimeout(() => button.close(), 500);`;
    const { status, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { timeout: 20_000 });
    expect({ status, signal }).toEqual({ status: 0, signal: null });
  });
});
