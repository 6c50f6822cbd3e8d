import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../../agent/model/fault.ts';
import type { LedFiles } from '../led-files.ts';

/** The lamps of the kernel; `folder` is another one where a test has made them. */
export const ledFiles = (folder = '/sys/class/leds'): LedFiles => ({
  async write(led, attribute, value) {
    try {
      await writeFile(join(folder, led, attribute), value, { flag: 'r+' });
    } catch (cause) {
      throw new Fault(
        'lamp.refused',
        { field: 'board.lamps', led, attribute, remedy: 'name a lamp of /sys/class/leds' },
        { cause },
      );
    }
  },
});
