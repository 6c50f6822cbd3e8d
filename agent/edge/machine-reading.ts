import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import type { MachineReading, ProcessReading } from '../model/box-readings.ts';

/** Those that took most of the processor: a box has more than anybody wants to read. */
const MOST_PROCESSES = 64;
/** Of the kernel's clock: USER_HZ is 100 on every architecture that Node runs on. */
const TICK_MS = 10;
const PAGE_KB = 4;

/** Processes, processors and medium of this machine, read from /proc when somebody asks. `busy` is since the last reading. */
export function createMachineReading(directory: string): () => MachineReading {
  let before = { busy: 0, all: 0 };
  return () => {
    const now = processorTicks(readFileSync('/proc/stat', 'utf8'));
    const all = now.all - before.all;
    const busy = all <= 0 ? 0 : Math.round((100 * (now.busy - before.busy)) / all);
    before = now;
    return { busy, processes: readProcesses(), medium: readMedium(directory) };
  };
}

/** proc(5), /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
export function processorTicks(stat: string): { readonly busy: number; readonly all: number } {
  const counts = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '').split(' ').slice(0, 8).map(Number);
  const all = counts.reduce((sum, one) => sum + one, 0);
  return { busy: all - (counts[3] ?? 0) - (counts[4] ?? 0), all };
}

function readProcesses(): readonly ProcessReading[] {
  const all = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      return readProcess(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
    } catch {
      // It ended between the two looks.
      return [];
    }
  });
  const busiest = all.toSorted((one, other) => other.cpuTime - one.cpuTime).slice(0, MOST_PROCESSES);
  return busiest.toSorted((one, other) => one.pid - other.pid);
}

const STATES: Readonly<Record<string, ProcessReading['state']>> = {
  ...{ R: 'Running', S: 'Sleeping', D: 'Uninterruptible', Z: 'Zombie', I: 'Idle', T: 'Stopped', t: 'Stopped' },
};

/** proc(5), /proc/PID/stat: the name may have any sign in it, so what follows is counted from its last parenthesis. */
export function readProcess(stat: string): ProcessReading | undefined {
  const [, pid, command = ''] = /^(\d+) \((.*)\) /s.exec(stat) ?? [];
  const fields = stat.slice(stat.lastIndexOf(') ') + 2).split(' ');
  if (pid === undefined || fields.length < 22) return undefined;
  const [user, system, nice, pages] = [fields[11], fields[12], fields[16], fields[21]].map(Number);
  return {
    ...{ pid: Number(pid), command, size: (pages ?? 0) * PAGE_KB },
    // A nice value of -20 to 19, as 0 to 99.
    priority: Math.round((((nice ?? 0) + 20) * 99) / 39),
    cpuTime: ((user ?? 0) + (system ?? 0)) * TICK_MS,
    state: STATES[fields[0] ?? ''] ?? 'Sleeping',
  };
}

function readMedium(directory: string): MachineReading['medium'] {
  const { bsize, blocks, bavail } = statfsSync(directory);
  const kilobytes = (count: number): number => Math.floor((count * bsize) / 1_024);
  return { total: kilobytes(blocks), free: kilobytes(bavail) };
}
