import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Runs a Debian tool; a tool that is not there fails the test, for what it proves would not be proved. */
export async function tool(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run(command, [...args], { encoding: 'latin1', maxBuffer: 64 << 20 });
  return stdout;
}

export async function inFolder<T>(work: (place: (name: string) => string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'relais-page-'));
  try {
    return await work((name) => join(folder, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
