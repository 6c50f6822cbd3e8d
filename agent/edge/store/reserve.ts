import { existsSync, rmSync, statfsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Room kept back for the records of calls that run, come in or are for help when the medium is full (V-1). */
export interface Reserve {
  there(): boolean;
  /** Gives the room to whoever writes next; answers whether there was any. */
  spend(): boolean;
  /** Takes it back once the medium has plenty. A medium without room is no error here. */
  restore(): Promise<void>;
}

/** Room is plenty when the reserve and as much again for others is free beside it. */
const PLENTY = 4;
const CHUNK = 65_536;

export function createReserve(file: string, bytes: number): Reserve {
  return {
    there: () => bytes === 0 || existsSync(file),
    spend() {
      if (bytes === 0 || !existsSync(file)) return false;
      rmSync(file);
      return true;
    },
    async restore() {
      if (bytes === 0 || existsSync(file) || roomAt(dirname(file)) < PLENTY * bytes) return;
      try {
        await fill(`${file}.new`, bytes);
        await rename(`${file}.new`, file);
      } catch {
        await rm(`${file}.new`, { force: true });
      }
    },
  };
}

/** Bytes that an ordinary process may still write there. */
export function roomAt(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/** Zeros really written, for a hole keeps no room. */
async function fill(file: string, bytes: number): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    for (let at = 0; at < bytes; at += CHUNK) await handle.write(new Uint8Array(Math.min(CHUNK, bytes - at)));
    await handle.sync();
  } finally {
    await handle.close();
  }
}
