import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export type TerminalWord = { readonly copies: number; readonly octets: Uint8Array };

/** What libspandsp said meanwhile, and how its T.30 ended: -1 while it goes on, 0 for success. */
export type TerminalAnswer = {
  readonly words: readonly TerminalWord[];
  readonly result: number;
  readonly pages: number;
};

/** A T.38 terminal of libspandsp that lives in simulated time: nothing happens in it but what is ordered (spandsp-terminal.c). */
export type SpandspTerminal = {
  /** 20 ms pass. */
  readonly step: () => TerminalAnswer;
  readonly hear: (sequence: number, octets: Uint8Array) => TerminalAnswer;
  readonly close: () => void;
};

/** @param folder where page.tif is, or received.tif is to be; the named pipes of the conversation come there too. */
export function startTerminal(
  program: string,
  folder: string,
  role: 'send' | 'receive',
  ecm: boolean,
): SpandspTerminal {
  const [orders, answers] = [join(folder, 'orders'), join(folder, 'answers')];
  execFileSync('mkfifo', [orders, answers]);
  // Open for reading as well, or the opening would wait for the program.
  const to = openSync(orders, 'r+');
  const child = spawn('sh', ['-c', '"$0" "$1" "$2" <orders >answers', program, role, ecm ? '1' : '0'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const from = openSync(answers, 'r');
  const read = createLineReader(from);
  const ask = (order: string): TerminalAnswer => {
    writeSync(to, `${order}\n`);
    const words: TerminalWord[] = [];
    for (;;) {
      const [kind, first = '', second = ''] = read().split(' ');
      if (kind === 'ok') return { words, result: Number(first), pages: Number(second) };
      words.push({ copies: Number(first), octets: Uint8Array.from(Buffer.from(second, 'hex')) });
    }
  };
  return {
    step: () => ask('step'),
    hear: (sequence, octets) => ask(`hear ${sequence} ${Buffer.from(octets).toString('hex')}`),
    close() {
      child.kill('SIGKILL');
      closeSync(to);
      closeSync(from);
    },
  };
}

function createLineReader(file: number): () => string {
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
      if (size === 0) throw new Error('the terminal of libspandsp has ended before its answer');
      text += buffer.toString('latin1', 0, size);
    }
  };
}
