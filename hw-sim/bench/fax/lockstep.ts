import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What a program said of an order, line by line and in words, up to its last line, which begins with `ok`. */
export type LockstepAnswer = {
  readonly lines: readonly (readonly string[])[];
  readonly ok: readonly string[];
};

/** A program that lives in simulated time: it does nothing but what it is ordered, and is waited for. */
export type Lockstep = {
  readonly ask: (order: string) => LockstepAnswer;
  readonly close: () => void;
};

/**
 * Starts a program in a folder, where the named pipes of the conversation come too.
 * @param name tells its pipes from those of another program in the same folder.
 */
export function startLockstep(program: string, words: readonly string[], folder: string, name: string): Lockstep {
  const [orders, answers] = [join(folder, `${name}-orders`), join(folder, `${name}-answers`)];
  execFileSync('mkfifo', [orders, answers]);
  // Open for reading as well, or the opening would wait for the program.
  const to = openSync(orders, 'r+');
  const child = spawn('sh', ['-c', 'exec "$@" <"$0-orders" >"$0-answers"', join(folder, name), program, ...words], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const from = openSync(answers, 'r');
  const read = createLineReader(from, name);
  return {
    ask(order) {
      writeSync(to, `${order}\n`);
      const lines: (readonly string[])[] = [];
      for (;;) {
        const [kind = '', ...more] = read().split(' ');
        if (kind === 'ok') return { lines, ok: more };
        lines.push([kind, ...more]);
      }
    },
    close() {
      child.kill('SIGKILL');
      closeSync(to);
      closeSync(from);
    },
  };
}

function createLineReader(file: number, name: string): () => string {
  const buffer = Buffer.alloc(65_536);
  let text = '';
  return () => {
    for (;;) {
      const end = text.indexOf('\n');
      if (end >= 0) {
        const line = text.slice(0, end);
        text = text.slice(end + 1);
        return line;
      }
      const size = readSync(file, buffer);
      if (size === 0) throw new Error(`${name} has ended before its answer`);
      text += buffer.toString('latin1', 0, size);
    }
  };
}
