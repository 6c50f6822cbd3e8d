import { stat } from 'node:fs/promises';
import { SerialPort } from 'serialport';
import { Fault } from '../../../agent/model/fault.ts';
import { seconds } from '../../../agent/model/units.ts';
import type { LineListener, OpenSerialLine, SerialLine } from '../serial-line.ts';

/**
 * A tty that was hung up (the modem reset its USB, or was pulled out) reads as endless nothing, and serialport 13 reads
 * on and on without a word. So somebody has to look whether the device is still the one that was opened.
 */
const LOOK_EVERY = seconds(1);

/** A serial line of the kernel: a USB modem's tty, or a pty. */
export function serialPath(path: string, baudRate: number): OpenSerialLine {
  return async () => {
    const device = await deviceAt(path);
    const port = new SerialPort({ path, baudRate, autoOpen: false });
    await opened(port);
    const line = lineOf(port);
    watch(port, async () => (await deviceAt(path)) === device || line.lose());
    return line;
  };
}

function opened(port: SerialPort): Promise<void> {
  return new Promise((resolve, reject) => {
    port.open((error) => {
      if (error) reject(new Fault('modem.silent', { path: port.path }, { cause: error }));
      else resolve();
    });
  });
}

/** Which device a path leads to; a device that went and came back is another one. */
async function deviceAt(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}

function watch(port: SerialPort, look: () => Promise<unknown>): void {
  const timer = setInterval(look, LOOK_EVERY);
  port.once('close', () => clearInterval(timer));
}

function lineOf(port: SerialPort): SerialLine & { readonly lose: () => void } {
  let listener: LineListener | undefined;
  let open = true;
  const lose = () => {
    if (!open) return;
    open = false;
    if (port.isOpen) port.close(() => undefined);
    listener?.lost();
  };
  port.on('data', (bytes: Uint8Array) => {
    if (open) listener?.heard(bytes);
  });
  port.on('close', lose);
  port.on('error', lose);
  return {
    lose,
    listen(next) {
      listener = next;
    },
    write(bytes) {
      if (open) port.write(bytes);
    },
    close() {
      open = false;
      return new Promise((resolve) => {
        if (port.isOpen) port.close(() => resolve());
        else resolve();
      });
    },
  };
}
