import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seconds } from '../../../agent/model/units.ts';
import type { Button } from '../../../agent/ports/button.ts';

type Places = { readonly classes: string; readonly devices: string };
const KERNEL: Places = { classes: '/sys/class/input', devices: '/dev/input' };

/** struct input_event (linux/input.h): two words of time, type, code, value. */
const WORD = ['arm', 'ia32', 'mips', 'mipsel'].includes(process.arch) ? 4 : 8;
const EVENT = 2 * WORD + 8;
const EV_KEY = 1;
const LOOK_AGAIN = seconds(10);

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
    if (device === undefined) return again();
    let rest = Buffer.alloc(0);
    const stream = createReadStream(device, { highWaterMark: EVENT });
    stream.on('data', (chunk) => {
      rest = Buffer.concat([rest, Buffer.from(chunk)]);
      for (; rest.length >= EVENT; rest = rest.subarray(EVENT)) {
        const [type, key, value] = [
          rest.readUInt16LE(2 * WORD),
          rest.readUInt16LE(2 * WORD + 2),
          rest.readInt32LE(2 * WORD + 4),
        ];
        // 2 is a key that repeats because it is held: nothing new.
        if (type === EV_KEY && key === code && value < 2) hear(value === 1);
      }
    });
    stream.on('error', again);
    stream.on('end', again);
    close = () => stream.destroy();
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
