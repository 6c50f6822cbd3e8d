import type { Line } from '../kernel/control-socket.ts';
import { readLine } from '../kernel/control-socket.ts';

/** What a process writes as JSON lines, kept from its start, so that nothing is missed by whoever asks late. */
export interface Lines {
  hear(text: string): void;
  all(): readonly Line[];
  /** The first line from number `from` on that is wanted; waits for it. @throws Error after `patienceMs`, with `what`. */
  until(what: string, wanted: (line: Line) => boolean, patienceMs: number, from?: number): Promise<Line>;
}

export function createLines(): Lines {
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  return {
    hear(text) {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) lines.push(readLine(part));
      for (const look of [...waiting]) look();
    },
    all: () => lines,
    until: (what, wanted, patienceMs, from = 0) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.slice(from).find(wanted);
          if (found === undefined) return;
          clearTimeout(giveUp);
          waiting.delete(look);
          resolve(found);
        };
        const giveUp = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`${what} did not happen within ${patienceMs / 1_000} s`));
        }, patienceMs);
        waiting.add(look);
        look();
      }),
  };
}
