import { existsSync, readFileSync } from 'node:fs';
import type { Boot } from '../ports/agent-ports.ts';

/** A wall clock before this was never set: the box was not made then (Unix ms, 2026-01-01). */
const EARLIEST = 1_767_225_600_000;

/** Boot id of the kernel, and how far its wall clock can be trusted (U-1). */
export function kernelBoot(software: string): Boot {
  const id = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return {
    id,
    software,
    quality() {
      if (Date.now() < EARLIEST) return 'never';
      return existsSync('/run/systemd/timesync/synchronized') ? 'synced' : 'holdover';
    },
  };
}
