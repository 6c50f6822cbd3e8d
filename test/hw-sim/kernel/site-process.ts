import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Line, readLine } from '../../../hw-sim/kernel/control-socket.ts';

export const MAIN = resolve('dist/hw-sim/main.js');

export interface SiteProcess {
  readonly process: ChildProcess;
  readonly ended: Promise<number | string | null>;
  order(text: string): Promise<Line>;
}

/** Starts `site`, by way of a command that ends in an exec, so that the process started is the outer one of the sandbox. */
export async function startSite(way: readonly string[] = []): Promise<SiteProcess> {
  const [command = '', ...args] = [...way, process.execPath, MAIN, 'site'];
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Line> => readLine((await lines.next()).value ?? '{}');
  const ended = new Promise<number | string | null>((settle) => {
    child.on('exit', (code, signal) => settle(code ?? signal));
  });
  const first = await next();
  if (first.on !== 'ready') throw new Error('the site did not come up');
  return {
    process: child,
    ended,
    order: (text) => {
      child.stdin.write(`${text}\n`);
      return next();
    },
  };
}

/** What a running site has taken of the machine: processes (with their start, since ids come again) and namespaces. */
type Footprint = { readonly processes: readonly string[]; readonly namespaces: ReadonlySet<string> };

export function footprint(outer: number): Footprint {
  const pids = withDescendants(outer);
  const inside = pids.at(-1) ?? outer;
  const kinds = ['net', 'mnt', 'pid', 'user'];
  const held = pids.flatMap((pid) => kinds.map((kind) => link(`/proc/${pid}/ns/${kind}`)));
  const directory = `/proc/${inside}/root/run/netns`;
  const named = readdirSync(directory).map((name) => `net:[${statSync(`${directory}/${name}`).ino}]`);
  const ours = new Set(kinds.map((kind) => link(`/proc/self/ns/${kind}`)));
  return {
    processes: pids.map((pid) => `${pid}@${start(pid)}`),
    namespaces: new Set([...held, ...named].filter((name) => name !== '' && !ours.has(name))),
  };
}

/** What of it is still there: processes alive, namespaces in which somebody lives or that somebody has mounted. */
export function remains({ processes, namespaces }: Footprint): readonly string[] {
  const alive = processes.filter((entry) => `${start(Number.parseInt(entry, 10))}` === entry.split('@')[1]);
  const seen = allPids().flatMap((pid) => [
    ...['net', 'mnt', 'pid', 'user'].map((kind) => link(`/proc/${pid}/ns/${kind}`)),
    ...(text(`/proc/${pid}/mountinfo`).match(/net:\[\d+\]/g) ?? []),
  ]);
  return [...alive, ...new Set(seen.filter((name) => namespaces.has(name)))];
}

const allPids = (): readonly number[] => readdirSync('/proc').map(Number).filter(Number.isInteger);

function withDescendants(pid: number): readonly number[] {
  const children = allPids().filter((one) => stat(one)[1] === String(pid));
  return [pid, ...children.flatMap(withDescendants)];
}

/** Fields of /proc/PID/stat after the name: state, parent, ... */
const stat = (pid: number): readonly string[] =>
  text(`/proc/${pid}/stat`)
    .replace(/^.*\) /s, '')
    .split(' ');

const start = (pid: number): string => (stat(pid)[0] === 'Z' ? 'gone' : (stat(pid)[19] ?? 'gone'));

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
