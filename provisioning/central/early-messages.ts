/** How long a message has waited for what comes before it, in rounds. */
export type Early<Task> = { readonly task: Task; readonly rounds: number };

export type EarlyMessages<Task> = {
  /** Holds them back for a while; each of them comes back by itself. */
  hold(account: string, early: readonly Early<Task>[]): void;
  /** Something was taken of the account: they may fit now. */
  wake(account: string): void;
  held(): number;
  forget(): void;
};

/** 1.3 s in all: far longer than another instance takes, far shorter than a device waits for its receipt (15 s). */
const PAUSES = [5, 10, 20, 40, 80, 160, 320, 640] as const;
export const PATIENCE = PAUSES.length;

/**
 * Envelopes of one device that reach two instances may overtake each other. One that comes too early is held back here for a
 * moment, until the other instance has taken what comes before it.
 */
export function createEarlyMessages<Task>(
  comeBack: (account: string, early: readonly Early<Task>[]) => void,
): EarlyMessages<Task> {
  const waiting = new Map<string, { readonly early: readonly Early<Task>[]; readonly timer: NodeJS.Timeout }>();

  function release(account: string, more: number): void {
    const entry = waiting.get(account);
    if (entry === undefined) return;
    clearTimeout(entry.timer);
    waiting.delete(account);
    comeBack(
      account,
      entry.early.map(({ task, rounds }) => ({ task, rounds: rounds + more })),
    );
  }

  return {
    hold: (account, early) => {
      if (early.length === 0) return;
      const before = waiting.get(account);
      clearTimeout(before?.timer);
      const all = [...(before?.early ?? []), ...early];
      const round = Math.min(...all.map(({ rounds }) => rounds));
      const timer = setTimeout(() => release(account, 1), PAUSES[Math.min(round, PATIENCE - 1)]);
      waiting.set(account, { early: all, timer });
    },
    wake: (account) => release(account, 0),
    held: () => [...waiting.values()].reduce((sum, { early }) => sum + early.length, 0),
    forget: () => {
      for (const { timer } of waiting.values()) clearTimeout(timer);
      waiting.clear();
    },
  };
}
