import { setTimeout as pause } from 'node:timers/promises';
import type { Victim } from './victim.ts';

export type Blow = {
  readonly at: number;
  readonly victim: string;
  readonly how: 'kill' | 'freeze';
  readonly ms: number;
};

type KillerSettings = {
  readonly victims: readonly Victim[];
  readonly dice: () => number;
  /** Mean time between two blows, in ms. */
  readonly every: number;
  readonly hear: (blow: Blow) => void;
};

export interface Killer {
  /** Answers when everything that was struck is up again. */
  stop(): Promise<void>;
}

/** Three blows of four kill, the fourth makes it hang; a victim lies for up to this long. */
const LONGEST_MS = 6_000;
const FREEZES = 0.25;

/** Strikes at random moments, several at once if it falls so. Everything that it does comes from its dice. */
export function startKiller({ victims, dice, every, hear }: KillerSettings): Killer {
  const down = new Map<Victim, Promise<void>>();
  const began = performance.now();
  const over = new AbortController();

  async function strike(victim: Victim, freezes: boolean, ms: number): Promise<void> {
    const { freeze, thaw } = victim;
    hear({ at: Math.round(performance.now() - began), victim: victim.name, how: freezes ? 'freeze' : 'kill', ms });
    if (freezes && freeze && thaw) {
      freeze();
      await pause(ms);
      return thaw();
    }
    await victim.kill();
    await pause(ms);
    await victim.start();
  }

  async function work(): Promise<void> {
    while (!over.signal.aborted) {
      await pause(every * 2 * dice(), undefined, { signal: over.signal }).catch(() => undefined);
      const victim = victims[Math.floor(dice() * victims.length)];
      const freezes = dice() < FREEZES;
      // Squared: most come back at once, while their connections are still believed alive by the others.
      const ms = Math.round(LONGEST_MS * dice() ** 2);
      if (over.signal.aborted || victim === undefined || down.has(victim)) continue;
      down.set(
        victim,
        strike(victim, freezes && victim.freeze !== undefined, ms).then(() => void down.delete(victim)),
      );
    }
  }

  const working = work();
  return {
    async stop() {
      over.abort();
      await working;
      await Promise.all(down.values());
    },
  };
}
