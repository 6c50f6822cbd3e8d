import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Launch } from '../child.ts';

/** What a shell reports when a program cannot be started at all. */
const NOT_STARTED = 127;

/** A child process that reads and writes where we do. */
export function launcher(program: string, args: readonly string[]): Launch {
  return (exited) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    let reported = false;
    const report = (status: number) => {
      if (reported) return;
      reported = true;
      exited(status);
    };
    child.on('error', () => report(NOT_STARTED));
    child.on('exit', (status, signal) => report(status ?? statusOf(signal)));
    return {
      kill(signal) {
        child.kill(signal);
      },
    };
  };
}

const statusOf = (signal: NodeJS.Signals | null): number => 128 + (signal === null ? 0 : constants.signals[signal]);
