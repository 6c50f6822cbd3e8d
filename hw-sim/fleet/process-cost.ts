import { existsSync, readFileSync } from 'node:fs';

/** Jiffies of /proc are hundredths of a second on every Linux that Node runs on (`getconf CLK_TCK`). */
const JIFFIES = 100;

export type Cost = { readonly cpuSeconds: number; readonly residentMb: number };

/** What a process has used so far (proc_pid_stat(5), fields 14 and 15; proc_pid_status(5), VmRSS). */
export function costOf(pid: number | undefined): Cost {
  if (pid === undefined || !existsSync(`/proc/${pid}/stat`)) return { cpuSeconds: 0, residentMb: 0 };
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    cpuSeconds: (Number(stat[11]) + Number(stat[12])) / JIFFIES,
    residentMb: Math.round(Number(resident) / 1_024),
  };
}
