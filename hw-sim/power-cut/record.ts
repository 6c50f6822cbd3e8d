import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { PROMISES, type Recording } from './cut-everywhere.ts';
import type { Files } from './medium.ts';
import { readTrace } from './trace.ts';

const run = promisify(execFile);

/** Compiles the recorder with the C compiler of the machine (Debian package g++). @returns the library to preload. */
export async function compileRecorder(source: string, directory: string): Promise<string> {
  const library = join(directory, 'recorder.so');
  await run('cc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread']);
  return library;
}

type Order = {
  readonly library: string;
  readonly script: string;
  readonly words: readonly string[];
  /** Where the process keeps its files; it holds `start` when the process begins, and must be empty before. */
  readonly root: string;
  readonly start: Files;
  /** The flush that fails, counted from 1. */
  readonly failFlush?: number;
  /** TCP port whose connections are listened to. */
  readonly port?: number;
};

/** `status` is the one with which the process ended. */
export type Recorded = Recording & { readonly status: number };

/** Runs a Node process to its end and answers everything that it did below `root`. */
export async function recordProcess({
  library,
  script,
  words,
  root,
  start,
  failFlush,
  port,
}: Order): Promise<Recorded> {
  putFiles(root, start);
  const trace = `${root}.trace`;
  const watch = { LD_PRELOAD: library, RELAIS_TRACE_ROOT: root, RELAIS_TRACE: trace };
  const more = {
    ...(failFlush !== undefined && { RELAIS_FAIL_FLUSH: String(failFlush) }),
    ...(port !== undefined && { RELAIS_TRACE_PORT: String(port) }),
  };
  const env = { ...process.env, ...watch, ...more };
  const child = spawn(process.execPath, [script, root, ...words], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const [status] = await once(child, 'exit');
  return { start, events: readTrace(readFileSync(trace), root), status: Number(status) };
}

export function putFiles(root: string, files: Files): void {
  mkdirSync(root, { recursive: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
}

/** Every file below `root` but the promises. */
export function filesBelow(root: string): Files {
  if (!existsSync(root)) return new Map();
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => join(root, path))
    .filter((path) => statSync(path).isFile() && relative(root, path) !== PROMISES);
  return new Map(found.sort().map((path) => [relative(root, path), readFileSync(path)]));
}
