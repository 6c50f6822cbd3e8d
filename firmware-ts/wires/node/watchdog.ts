import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Fault } from '../../../agent/model/fault.ts';
import { type Millis, seconds } from '../../../agent/model/units.ts';
import type { WatchdogLine } from '../watchdog.ts';

/** The timer of a device such as /dev/watchdog0, in ms. Node cannot set it (an ioctl): it is the driver's, or a module option. */
export function watchdogTime(device: string, folder = '/sys/class/watchdog'): Millis | undefined {
  try {
    const text = readFileSync(join(folder, basename(device), 'timeout'), 'utf8').trim();
    return /^[1-9]\d{0,5}$/.test(text) ? seconds(Number(text)) : undefined;
  } catch {
    return undefined;
  }
}

/** @throws Fault 'watchdog.refused' when the device is not there, or somebody else has it. */
export function openWatchdog(device: string): WatchdogLine {
  const handle = opened(device);
  let open = true;
  const write = (letter: string): void => {
    // A device that is gone is a timer that runs out: nothing better can be done than what it does.
    try {
      writeSync(handle, letter);
    } catch {
      open = false;
    }
  };
  return {
    pet: () => open && write('.'),
    leave() {
      if (!open) return;
      write('V');
      open = false;
      closeSync(handle);
    },
  };
}

function opened(device: string): number {
  try {
    return openSync(device, 'w');
  } catch (cause) {
    const remedy = 'name the watchdog of this board, and let nobody else (systemd, watchdogd) open it';
    throw new Fault('watchdog.refused', { field: 'watchdog', device, remedy }, { cause });
  }
}
