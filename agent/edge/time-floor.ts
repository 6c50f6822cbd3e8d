import { existsSync, readFileSync } from 'node:fs';
import { replaceFileSync } from './replace-file-sync.ts';

/** The latest instant that is proved to be past (Unix ms). */
export type TimeFloor = {
  at(): number;
  /** A trusted clock says this time, and the broker's certificate was right by it. */
  seen(wall: number): void;
};

/** The flash is written once a day at most. */
const PACE = 86_400_000;

/** `known`: other proofs, such as when the configuration was signed. A file that can't be read or written proves nothing. */
export function openTimeFloor(file: string, known: readonly number[]): TimeFloor {
  let floor = Math.max(0, ...known, kept(file));
  let written = floor;
  return {
    at: () => floor,
    seen(wall) {
      floor = Math.max(floor, wall);
      if (floor < written + PACE) return;
      try {
        replaceFileSync(file, `${Math.floor(floor)}\n`);
        written = floor;
      } catch {
        // The next connection tries again; what the configuration proves stays.
      }
    },
  };
}

function kept(file: string): number {
  if (!existsSync(file)) return 0;
  const at = Number(readFileSync(file, 'utf8').trim());
  return Number.isSafeInteger(at) && at > 0 ? at : 0;
}
