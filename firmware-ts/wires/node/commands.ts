import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Fault } from '../../../agent/model/fault.ts';
import type { Millis } from '../../../agent/model/units.ts';
import type { Commands, Outcome, Session, SessionListener } from '../commands.ts';

/** The commands of this machine. A program that runs longer than `patience` is killed. */
export function createCommands(patience: Millis): Commands {
  return { run: (program, args, stdin = '') => run(program, args, stdin, patience), session };
}

function run(program: string, args: readonly string[], stdin: string, patience: Millis): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(new Fault('network.unavailable', { program }, { cause: error }));
    const child = spawn(program, args);
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      refuse(new Error(`still running after ${patience} ms`));
    }, patience);
    child.on('error', refuse);
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status: status ?? -1, stdout: stdout(), stderr: stderr() });
    });
    feed(child, stdin);
  });
}

function feed(child: ChildProcessWithoutNullStreams, stdin: string): void {
  // A program may end before it has read everything; its status says what that means.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => chunks.push(chunk));
  return () => chunks.join('');
}

function session(program: string, args: readonly string[]): Session {
  // One pipe for both outputs keeps a complaint ahead of the answer that follows it; two pipes keep no order.
  const child = spawn('sh', ['-c', 'exec "$0" "$@" 2>&1', program, ...args]);
  let listener: SessionListener | undefined;
  let over = false;
  const end = () => {
    if (over) return;
    over = true;
    listener?.ended();
  };
  createInterface({ input: child.stdout }).on('line', (text) => {
    if (!over) listener?.line(text);
  });
  child.stdin.on('error', () => undefined);
  child.on('error', end);
  child.on('close', end);
  return {
    listen(next) {
      listener = next;
    },
    say(line) {
      child.stdin.write(`${line}\n`);
    },
    close() {
      over = true;
      child.kill('SIGKILL');
    },
  };
}
