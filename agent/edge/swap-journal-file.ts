import { readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SwapJournal } from '../ports/swap-journal.ts';
import { replaceFile } from './replace-file.ts';

/** In the state directory: the agent and `relais sim` go on with the same one. */
export const SWAP_JOURNAL_FILE = 'sim-swap.json';

/** The journal of swaps in a file of the state directory: written beside, flushed, renamed, and its name flushed as well. */
export function openSwapJournal(file: string): SwapJournal {
  let writing: Promise<unknown> = Promise.resolve();
  return {
    read() {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return undefined;
      }
    },
    keep(text, done) {
      writing = writing.then(() =>
        write(file, text).then(
          () => done(true),
          () => {
            rmSync(`${file}.new`, { force: true });
            done(false);
          },
        ),
      );
    },
  };
}

async function write(file: string, text: string): Promise<void> {
  await replaceFile(file, text);
  // Without this the name may still lead to the state before, after the card has been changed.
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
