import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DnsmasqFiles } from '../../net/dnsmasq.ts';

const ENDS_WITHIN_MS = 2_000;
const LOOK_MS = 20;

/** The files of dnsmasq in the state directory of the box. */
export function dnsmasqFiles(directory: string): DnsmasqFiles {
  const configuration = join(directory, 'dnsmasq.conf');
  const pid = join(directory, 'dnsmasq.pid');
  return {
    configuration,
    pid,
    leases: join(directory, 'dnsmasq.leases'),
    async write(text) {
      if (text === undefined) return rm(configuration, { force: true });
      const handle = await open(`${configuration}.new`, 'w', 0o644);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(`${configuration}.new`, configuration);
    },
    read: () => readFile(configuration, 'utf8').catch(() => undefined),
    async endStray() {
      const number = Number((await readFile(pid, 'utf8').catch(() => '')).trim());
      if (!Number.isInteger(number) || number < 2 || !(await runsWith(number, configuration))) return;
      process.kill(number, 'SIGTERM');
      for (let waited = 0; waited < ENDS_WITHIN_MS && (await runsWith(number, configuration)); waited += LOOK_MS)
        await pause(LOOK_MS);
      if (await runsWith(number, configuration)) process.kill(number, 'SIGKILL');
    },
  };
}

/** A number may have gone to somebody else since: only a dnsmasq with our file is ours. */
const runsWith = async (number: number, configuration: string): Promise<boolean> =>
  (await readFile(`/proc/${number}/cmdline`, 'utf8').catch(() => '')).includes(`--conf-file=${configuration}`);
