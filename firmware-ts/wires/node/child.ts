import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { AWAY, BEAT, HEALTHY, type Launch, REST } from '../child.ts';

/** What a shell reports when a program cannot be started at all. */
const NOT_STARTED = 127;

/** A child process that reads and writes where we do, and can say that it is alive. */
export function launcher(program: string, args: readonly string[]): Launch {
  return (news) => {
    const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
    let reported = false;
    const report = (status: number) => {
      if (reported) return;
      reported = true;
      news.exited(status);
    };
    child.on('error', () => report(NOT_STARTED));
    child.on('exit', (status, signal) => report(status ?? statusOf(signal)));
    child.on('message', (word) => {
      if (word === BEAT) news.beat();
      if (word === HEALTHY) news.healthy?.();
      if (word === REST) news.rests?.();
    });
    return {
      kill(signal) {
        child.kill(signal);
      },
      tellAway() {
        // A child that has just gone is told nothing; its end is news of its own.
        if (child.connected) child.send(AWAY, () => undefined);
      },
    };
  };
}

const statusOf = (signal: NodeJS.Signals | null): number => 128 + (signal === null ? 0 : constants.signals[signal]);
