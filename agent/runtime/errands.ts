import type { Turns } from './turns.ts';

/** One errand at a time, in the order of asking. */
export interface Errands {
  run(errand: (over: () => void) => void): void;
  idle(): boolean;
  /** What has not begun is not begun any more. */
  stop(): void;
}

/** `emptied` is called when the last one is over. */
export function createErrands(turns: Turns, emptied: () => void): Errands {
  const waiting: ((over: () => void) => void)[] = [];
  let isRunning = false;
  function begin(): void {
    if (isRunning) return;
    const first = waiting.shift();
    if (first === undefined) return emptied();
    let isOver = false;
    isRunning = true;
    first(() =>
      turns(() => {
        if (isOver) return;
        isOver = true;
        isRunning = false;
        begin();
      }),
    );
  }
  return {
    run(errand) {
      waiting.push(errand);
      begin();
    },
    idle: () => !isRunning && waiting.length === 0,
    stop: () => waiting.splice(0),
  };
}
