import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ByteEnd } from '../../../hw-sim/devices/byte-end.ts';
import { createPty } from '../../../hw-sim/devices/pty.ts';

const run = promisify(execFile);

/** ModemManager on a bus of its own, told by its test interface of one virtual modem, whose port is `end`. */
type ModemManager = {
  readonly end: ByteEnd;
  /** It looks at the modem from now on. */
  readonly begin: (plugin: string) => Promise<void>;
  /** `mmcli …` as it is typed: what it prints. */
  readonly mmcli: (...words: readonly string[]) => Promise<string>;
  readonly said: () => string;
  readonly close: () => Promise<void>;
};

/** It is to be closed also when it never came up. */
export async function startModemManager(): Promise<ModemManager> {
  const folder = mkdtempSync(join(tmpdir(), 'relais-mm-'));
  const address = `unix:path=${join(folder, 'bus')}`;
  const env = { ...process.env, DBUS_SESSION_BUS_ADDRESS: address, DBUS_SYSTEM_BUS_ADDRESS: address };
  // The prefix stays in the name of the socket.
  const port = `abstract:relais-${randomUUID().slice(0, 8)}`;
  const pty = await createPty();
  const children: ChildProcess[] = [];
  let said = '';
  const start = (command: string, ...words: readonly string[]): void => {
    const child = spawn(command, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes) => {
        said += String(bytes);
      });
    children.push(child);
  };
  // Its test interface knows sockets of the abstract namespace alone; this leads from one to the pty.
  const socket = `ABSTRACT-LISTEN:${port.replace(':', '\\:')},fork`;
  start('socat', socket, `FILE:${pty.path},raw,echo=0`);
  start('dbus-daemon', '--session', '--nofork', `--address=${address}`);
  await until(
    () => existsSync(join(folder, 'bus')),
    () => said,
  );
  start('ModemManager', '--test-session', '--test-enable', '--test-no-udev', '--no-auto-scan', '--log-level=DEBUG');
  await until(
    () => said.includes('service name'),
    () => said,
  );
  const test = ['/org/freedesktop/ModemManager1', 'org.freedesktop.ModemManager1.Test.SetProfile'];
  const dest = '--dest=org.freedesktop.ModemManager1';
  return {
    end: pty.end,
    async begin(plugin) {
      await run(
        'dbus-send',
        ['--session', '--print-reply', dest, ...test, 'string:relais', `string:${plugin}`, `array:string:${port}`],
        { env },
      );
    },
    mmcli: async (...words) => (await run('mmcli', [...words], { env, timeout: 30_000 })).stdout,
    said: () => said,
    async close() {
      for (const child of children.toReversed()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await pty.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function until(holds: () => boolean, why: () => string): Promise<void> {
  for (let times = 0; !holds(); times += 1) {
    if (times > 600) throw new Error(`it did not come up: ${why().slice(-2_000)}`);
    await pause(50);
  }
}
