import { closeSync, constants, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { millis, seconds } from '../../../agent/model/units.ts';
import type { Button } from '../../../agent/ports/button.ts';

type Places = { readonly classes: string; readonly devices: string };
const KERNEL: Places = { classes: '/sys/class/input', devices: '/dev/input' };

/** struct input_event (linux/input.h): two words of time, type, code, value. */
const WORD = ['arm', 'ia32', 'mips', 'mipsel'].includes(process.arch) ? 4 : 8;
const EVENT = 2 * WORD + 8;
const EV_KEY = 1;
const LOOK_AGAIN = seconds(10);
/** A read that waits for a key would hold a thread of this process, and its end, until somebody pressed one. */
const LISTEN_EVERY = millis(200);
const MOST_AT_ONCE = 64 * EVENT;

/** One key of an input device, by the device's name; a device that is not there, or goes, is looked for again. */
export function inputKey(input: string, code: number, places: Places = KERNEL): Button {
  let hear: (pressed: boolean) => void = () => undefined;
  let closed = false;
  let close = (): void => undefined;
  const again = (): void => {
    if (closed) return;
    const timer = setTimeout(open, LOOK_AGAIN).unref();
    close = () => clearTimeout(timer);
  };
  const open = (): void => {
    const device = deviceCalled(input, places);
    const handle = device === undefined ? undefined : opened(device);
    if (handle === undefined) return again();
    let rest = Buffer.alloc(0);
    const timer = setInterval(() => {
      const bytes = newest(handle);
      if (bytes === undefined) {
        close();
        return again();
      }
      rest = Buffer.concat([rest, bytes]);
      for (; rest.length >= EVENT; rest = rest.subarray(EVENT)) {
        const pressed = keyIn(rest, code);
        if (pressed !== undefined) hear(pressed);
      }
    }, LISTEN_EVERY).unref();
    close = () => {
      clearInterval(timer);
      closeSync(handle);
      close = () => undefined;
    };
  };
  return {
    listen(news) {
      hear = news;
      open();
    },
    close() {
      closed = true;
      close();
    },
  };
}

function opened(device: string): number | undefined {
  try {
    return openSync(device, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

/** What the device has to tell; undefined where it is gone. */
function newest(handle: number): Buffer | undefined {
  const bytes = Buffer.alloc(MOST_AT_ONCE);
  try {
    return bytes.subarray(0, readSync(handle, bytes));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EAGAIN' ? bytes.subarray(0, 0) : undefined;
  }
}

/** Whether the key was pressed or released; undefined for all else. 2 is a key that repeats because it is held: nothing new. */
function keyIn(event: Buffer, code: number): boolean | undefined {
  const [type, key, value] = [
    event.readUInt16LE(2 * WORD),
    event.readUInt16LE(2 * WORD + 2),
    event.readInt32LE(2 * WORD + 4),
  ];
  return type === EV_KEY && key === code && value < 2 ? value === 1 : undefined;
}

function deviceCalled(input: string, { classes, devices }: Places): string | undefined {
  try {
    const found = readdirSync(classes).find(
      (name) =>
        name.startsWith('event') && readFileSync(join(classes, name, 'device', 'name'), 'utf8').trim() === input,
    );
    return found && join(devices, found);
  } catch {
    return undefined;
  }
}
