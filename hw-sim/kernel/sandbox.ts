import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { Fault } from '../../agent/model/fault.ts';

/**
 * A program in namespaces of its own that leaves nothing behind, however it ends. Three things hold it to its parent:
 * setpriv asks the kernel to kill `unshare` with us, unshare asks it to kill the program with itself, and the program
 * is the first process of a pid namespace, so its end is the end of everything in there: processes, then network
 * namespaces, mounts and the tmpfs over /run where every file of the site lives.
 */
export type SandboxProgram = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** Directory for everything that a program in the sandbox writes; gone with it. */
export const SANDBOX_DIRECTORY = '/run/relais';

/** The program reads this pipe; it ends when the parent wants the program to end, or is no more. */
const LIFELINE = 3;
/** For the program's own orderly end; then it is killed. */
const PATIENCE_MS = 5_000;
const PROLOGUE = [
  'mount -t tmpfs -o mode=755 relais /run',
  `mkdir -p /run/netns ${SANDBOX_DIRECTORY}`,
  `export TMPDIR=${SANDBOX_DIRECTORY}`,
  'exec "$@"',
].join(' && ');

/** Nothing of the real machine is touched unless its /run is out of sight. */
export const insideSandbox = (): boolean => /^relais \/run tmpfs /m.test(readFileSync('/proc/self/mounts', 'utf8'));

/** Runs the program with our terminal and answers its exit code. SIGINT and SIGTERM ask it to end, a second one kills it. */
export async function runInSandbox(program: SandboxProgram): Promise<number> {
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...enclosed([program.command, ...program.args])], {
    stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
    env: { ...environment(), ...program.env },
  });
  const release = onSignals(child);
  try {
    return await ended(child);
  } finally {
    release();
  }
}

/** To be called by the program inside: `end` is called once when the parent wants it to end or has died. */
export function holdLifeline(end: () => void): void {
  if (!insideSandbox()) return;
  const lifeline = new Socket({ fd: LIFELINE });
  lifeline.on('error', end);
  lifeline.on('end', end);
  lifeline.resume().unref();
}

/** @throws Fault 'sandbox.unavailable' that says what to do about it. `tun`: the program will make TUN devices. */
export async function checkSandbox(need: { readonly tun: boolean }): Promise<void> {
  const trial = enclosed(['sh', '-c', 'ip netns add trial && ip netns delete trial']);
  const problem = await failure('setpriv', ['--pdeathsig', 'KILL', ...trial]);
  if (problem !== undefined) {
    throw new Fault('sandbox.unavailable', { problem, remedy: namespaceRemedy(problem) });
  }
  const closed = need.tun ? tunProblem() : undefined;
  if (closed !== undefined) throw new Fault('sandbox.unavailable', closed);
}

function enclosed(command: readonly string[]): readonly string[] {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const spaces = ['--mount', '--net', '--pid', '--fork', '--kill-child', '--mount-proc'];
  return ['unshare', ...user, ...spaces, 'sh', '-c', PROLOGUE, 'sandbox', ...command];
}

function onSignals(child: ChildProcess): () => void {
  let asked = false;
  const kill = () => child.kill('SIGKILL');
  const onSignal = () => {
    if (asked) kill();
    asked = true;
    child.stdio[LIFELINE]?.destroy();
    setTimeout(kill, PATIENCE_MS).unref();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

const ended = (child: ChildProcess): Promise<number> =>
  new Promise((settle, refuse) => {
    child.on('error', (cause) =>
      refuse(new Fault('sandbox.unavailable', { problem: cause.message, remedy: TOOLS }, { cause })),
    );
    child.on('exit', (code) => settle(code ?? 1));
  });

async function failure(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    await promisify(execFile)(command, args, { env: environment() });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    return said || (error instanceof Error ? error.message : String(error));
  }
}

/** The tools of a data plane live where an ordinary user's PATH does not look. */
const environment = () => ({ ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin` });

const TOOLS = 'sudo apt-get install util-linux mount iproute2';

function namespaceRemedy(problem: string): string {
  if (/ENOENT|not found/.test(problem)) return TOOLS;
  if (process.getuid?.() === 0)
    return 'a container must be started with: --privileged (or --cap-add=SYS_ADMIN,NET_ADMIN)';
  if (setting('kernel/unprivileged_userns_clone') === '0') return 'sudo sysctl -w kernel.unprivileged_userns_clone=1';
  if (setting('kernel/apparmor_restrict_unprivileged_userns') === '1') {
    return 'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0';
  }
  if (setting('user/max_user_namespaces') === '0') return 'sudo sysctl -w user.max_user_namespaces=10000';
  return 'run it as root (sudo)';
}

function setting(path: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${path}`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function tunProblem(): { readonly problem: string; readonly remedy: string } | undefined {
  try {
    closeSync(openSync('/dev/net/tun', 'r+'));
    return undefined;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (problem.includes('EACCES')) return { problem, remedy: 'sudo chmod 666 /dev/net/tun (or run it as root)' };
    return { problem, remedy: 'sudo modprobe tun (in a container: --device /dev/net/tun)' };
  }
}
