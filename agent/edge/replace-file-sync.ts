import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Written whole and flushed before it has its name: a power cut leaves the file of before or this one. Mode 0600. */
export function replaceFileSync(file: string, text: string): void {
  const fresh = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeFileSync(fresh, text);
    fsyncSync(fresh);
  } finally {
    closeSync(fresh);
  }
  renameDurably(`${file}.new`, file);
}

/** The new name is durable when this returns. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  const folder = openSync(dirname(to), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
