import { existsSync, readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import process from 'node:process';
import type { Boot } from '../ports/agent-ports.ts';

/** A wall clock before this was never set: the box was not made then (Unix ms, 2026-01-01). */
const EARLIEST = 1_767_225_600_000;

/** Boot id of the kernel, and how far its wall clock can be trusted (U-1). */
export function kernelBoot(software: string): Boot {
  const id = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return {
    id,
    software,
    memory: () => ({
      total: kilobytes(totalmem()),
      free: kilobytes(freemem()),
      own: kilobytes(process.memoryUsage.rss()),
    }),
    // As an order to stop: what is under way is ended in order, and the supervisor starts the agent again.
    restart: () => void process.kill(process.pid, 'SIGTERM'),
    quality() {
      if (Date.now() < EARLIEST) return 'never';
      return existsSync('/run/systemd/timesync/synchronized') ? 'synced' : 'holdover';
    },
  };
}

const kilobytes = (bytes: number): number => Math.floor(bytes / 1_024);
