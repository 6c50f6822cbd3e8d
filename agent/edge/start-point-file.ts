import { readFileSync, rmSync } from 'node:fs';
import type { StartPointStore } from '../ports/start-point-store.ts';
import { replaceFile } from './replace-file.ts';

/**
 * The start point in a file beside the ledger. It is written a few times a day and bound to the ledger by a hash, so its
 * name is not flushed: after a cut the one before is as good.
 */
export function openStartPoint(file: string): StartPointStore {
  let writing: Promise<void> = Promise.resolve();
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
      writing = writing.then(() => replaceFile(file, text)).catch(() => rmSync(`${file}.new`, { force: true }));
    },
    forget: () => rmSync(file, { force: true }),
  };
}
