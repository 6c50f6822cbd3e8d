import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '../../agent/model/fault.ts';

/** Debian's package user-mode-linux; insmod is of the package kmod. */
const KERNEL = '/usr/bin/linux.uml';
const MODULES = '/usr/lib/uml/modules';
const MEMORY = '512M';

const hasUserMode = (): boolean => existsSync(KERNEL) && existsSync(MODULES);

/**
 * Runs a program on a Linux in user mode: a kernel of its own with one processor, modules that this machine's kernel may
 * lack, and the files of this machine, which it can't write. Nothing of it is left when it ends, or when we do.
 * @param modules by name, what they need before them
 * @throws Fault 'sandbox.unavailable' when it did not run to its end
 */
export async function runInUserMode(
  command: readonly string[],
  modules: readonly string[],
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  if (!hasUserMode()) {
    const remedy = 'sudo apt-get install user-mode-linux kmod';
    throw new Fault('sandbox.unavailable', { problem: `${KERNEL} is not there`, remedy });
  }
  const place = mkdtempSync(join(tmpdir(), 'relais-uml-'));
  try {
    const start = join(place, 'init');
    writeFileSync(start, initOf(place, command, modules), { mode: 0o755 });
    const words = [
      KERNEL,
      `mem=${MEMORY}`,
      'root=/dev/root',
      'rootfstype=hostfs',
      'rootflags=/',
      'ro',
      `init=${start}`,
    ];
    const enclosed = ['--pdeathsig', 'KILL', 'unshare', '--pid', '--fork', '--kill-child', '--mount-proc', ...words];
    const child = spawn('setpriv', [...enclosed, 'con=null', 'con0=null,fd:1', 'quiet'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, TMPDIR: place },
    });
    let console = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      console += text;
    });
    await once(child, 'close');
    const read = (name: string): string => {
      const file = join(place, name);
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    };
    const status = read('status').trim();
    if (status === '')
      throw new Fault('sandbox.unavailable', { problem: console.slice(-1_000), remedy: 'a writable /dev/shm, ptrace' });
    return { status: Number(status), stdout: read('stdout'), stderr: read('stderr') };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** The first process: what it writes, it writes into the one directory that is not read-only. */
function initOf(place: string, command: readonly string[], modules: readonly string[]): string {
  const [release = ''] = readdirSync(MODULES);
  return `#!/bin/sh
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/netns /run/out /run/relais
mount -t hostfs -o ${place} none /run/out
export TMPDIR=/run/relais
for module in ${modules.join(' ')}; do insmod $(find ${join(MODULES, release)} -name $module.ko); done 2>>/run/out/stderr
ip link set lo up
${command.map(quoted).join(' ')} </dev/null >/run/out/stdout 2>>/run/out/stderr
echo $? >/run/out/status
poweroff -f
`;
}

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
