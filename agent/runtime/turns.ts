/** Runs one piece of news at a time: what is posted while one is being performed waits its turn. */
export type Turns = (work: () => void) => void;

export function createTurns(): Turns {
  const waiting: (() => void)[] = [];
  let busy = false;
  return (work) => {
    waiting.push(work);
    if (busy) return;
    busy = true;
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next();
    } finally {
      busy = false;
    }
  };
}
