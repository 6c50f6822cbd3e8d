import { readFileSync } from 'node:fs';

/** MiB, with a decimal. `proportional`: pages that processes share are counted by their share. */
export type Memory = {
  readonly residentMiB: number;
  readonly proportionalMiB: number;
  readonly privateDirtyMiB: number;
};

/** What a process has in memory, by the kernel (proc(5), smaps_rollup). */
export function memoryOf(process_: number): Memory {
  const rollup = readFileSync(`/proc/${process_}/smaps_rollup`, 'utf8');
  const mebibytes = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(rollup)?.[1]) / 102.4) / 10;
  return {
    residentMiB: mebibytes('Rss'),
    proportionalMiB: mebibytes('Pss'),
    privateDirtyMiB: mebibytes('Private_Dirty'),
  };
}
