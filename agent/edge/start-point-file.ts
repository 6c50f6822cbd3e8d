import { readFileSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import type { StartPointStore } from '../ports/start-point-store.ts';

/**
 * The start point in a file beside the ledger. It is written a few times a day and bound to the ledger by a hash, so its
 * name is not flushed: after a cut the one before is as good.
 */
export function openStartPoint(file: string): StartPointStore {
  let writing: Promise<void> = Promise.resolve();
  const write = async (text: string): Promise<void> => {
    const handle = await open(`${file}.new`, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
  };
  return {
    read() {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return undefined;
      }
    },
    keep(text) {
      // Without room, or on a medium that fails, the next start reads the records themselves.
      writing = writing.then(() => write(text)).catch(() => rmSync(`${file}.new`, { force: true }));
    },
    forget: () => rmSync(file, { force: true }),
  };
}
