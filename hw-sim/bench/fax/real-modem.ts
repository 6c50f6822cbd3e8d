import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { createInterface } from 'node:readline';
import { countTold, type MachineEnd, type SoftModemRules, type SoftModemTally, softModemWords } from './soft-modem.ts';

export type RealModem = {
  /** Its tty. */
  readonly path: string;
  /** The machine has lifted and dialed, and calls. */
  readonly call: () => void;
  readonly end: () => MachineEnd;
  readonly tally: () => Readonly<SoftModemTally>;
  /** The tty is gone with it. */
  readonly close: () => Promise<void>;
};

/** libspandsp's soft modem on a pty of the kernel, in real time and in a process of its own (spandsp-softmodem.c). */
export async function startRealModem(program: string, folder: string, rules: SoftModemRules): Promise<RealModem> {
  const child = spawn(program, ['tty', ...softModemWords(rules)], { cwd: folder, stdio: ['pipe', 'pipe', 'inherit'] });
  aheadOfAll(child.pid);
  const tally: SoftModemTally = { padded: 0, dropped: 0, overrun: 0 };
  let end: MachineEnd = { result: -1, pages: 0, rate: 0 };
  const lines = createInterface({ input: child.stdout });
  const path = new Promise<string>((found, failed) => {
    child.once('exit', () => failed(new Error('the soft modem of libspandsp has ended before it had a tty')));
    lines.on('line', (line) => {
      const words = line.split(' ');
      if (words[1] === 'tty') found(words[2] ?? '');
      if (words[0] === 'told') countTold(tally, words);
      if (words[0] !== 'ended') return;
      const [result = -1, pages = 0, rate = 0] = words.slice(1).map(Number);
      end = { result, pages, rate };
    });
  });
  return {
    path: await path,
    call: () => void child.stdin.write('call\n'),
    end: () => end,
    tally: () => ({ ...tally }),
    async close() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.stdin.end();
      await exited;
    },
  };
}

/** Copper is never late: where we may, the kernel runs it before everything else. */
function aheadOfAll(pid: number | undefined): void {
  if (process.getuid?.() === 0 && pid !== undefined) setPriority(pid, constants.priority.PRIORITY_HIGHEST);
}
