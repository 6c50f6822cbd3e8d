import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Command, inNamespace } from '../../kernel/namespaces.ts';

const PATIENCE_MS = 10_000;

export interface HelperProcess {
  /** Sends one word and answers with the member of that name of what comes back. */
  ask<T>(word: unknown, name: string): Promise<T>;
  end(): Promise<void>;
}

type Seat = {
  readonly namespace: string;
  readonly core: number;
  /** Whoever else is on the machine hardly takes the core from it (SCHED_FIFO would: V8 then waits for its own threads for ever). */
  readonly greedy: boolean;
};

/** A Node process of ours in a namespace, on one core, spoken to over its channel. */
export async function startHelper(
  { namespace, core, greedy }: Seat,
  argv: readonly string[],
  ready: (word: unknown) => boolean,
): Promise<HelperProcess> {
  const first = greedy ? (['nice', '-n', '-20'] as const) : [];
  const pinned: Command = ['taskset', '-c', String(core), ...first, process.execPath, ...argv];
  const [file, ...words] = inNamespace(namespace, pinned);
  const child = spawn(file, words, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await heard(child, ready);
  return {
    async ask<T>(word: unknown, name: string): Promise<T> {
      const answer = heard(child, (said) => isAnswer(said, name));
      child.send(word as object);
      return ((await answer) as Record<string, T>)[name] as T;
    },
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      await gone;
      clearTimeout(impatience);
    },
  };
}

const isAnswer = (said: unknown, name: string): boolean => typeof said === 'object' && said !== null && name in said;

function heard(child: ChildProcess, wanted: (word: unknown) => boolean): Promise<unknown> {
  return new Promise((settle, fail) => {
    const listen = (word: unknown): void => {
      if (!wanted(word)) return;
      child.off('message', listen);
      child.off('exit', ended);
      settle(word);
    };
    const ended = (code: number | null): void => fail(new Error(`${child.spawnargs.join(' ')} ended with ${code}`));
    child.on('message', listen);
    child.once('exit', ended);
  });
}
