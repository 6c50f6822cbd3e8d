import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Readable by the owner alone, or by everybody. */
type Secrecy = 'secret' | 'public';
type Content = string | Uint8Array;

/** Replaces a file as a whole: after a power cut it holds the old content or the new, never half of one. */
export function writeAtomic(path: string, content: Content, secrecy: Secrecy = 'public'): void {
  place(path, content, secrecy, (temporary) => renameSync(temporary, path));
}

/** As `writeAtomic`, unless the file is there: then it stays as it is, also when somebody made it a moment ago. */
export function createAtomic(path: string, content: Content, secrecy: Secrecy = 'public'): void {
  place(path, content, secrecy, (temporary) => {
    try {
      linkSync(temporary, path);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    rmSync(temporary);
  });
}

function place(path: string, content: Content, secrecy: Secrecy, put: (temporary: string) => void): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeDurably(temporary, content, secrecy);
    put(temporary);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
  syncDirectory(dirname(path));
}

function writeDurably(path: string, content: Content, secrecy: Secrecy): void {
  const file = openSync(path, 'wx', secrecy === 'secret' ? 0o600 : 0o644);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The name is durable only once its directory is. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
