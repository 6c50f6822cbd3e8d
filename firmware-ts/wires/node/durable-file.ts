import { closeSync, fsyncSync, openSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Written whole, flushed, renamed, and the name flushed: a power cut leaves the file of before or this one. */
export function replaceDurably(file: string, text: string): void {
  const fresh = openSync(`${file}.new`, 'w', 0o600);
  try {
    writeFileSync(fresh, text);
    fsyncSync(fresh);
  } finally {
    closeSync(fresh);
  }
  renameSync(`${file}.new`, file);
  flushFolder(dirname(file));
}

/** A link that leads somewhere else from one instant to the next. */
export function relink(link: string, target: string): void {
  rmSync(`${link}.new`, { force: true });
  symlinkSync(target, `${link}.new`);
  renameSync(`${link}.new`, link);
  flushFolder(dirname(link));
}

export function removeDurably(file: string): void {
  rmSync(file, { force: true });
  flushFolder(dirname(file));
}

function flushFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
