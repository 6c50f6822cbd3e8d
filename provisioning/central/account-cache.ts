import type { AccountState } from './snapshot.ts';

/** An account as this process saw it last, and how many records its snapshot lacks. */
export type Remembered = AccountState & { readonly sinceSnapshot: number };

export type AccountCache = {
  get(account: string): Remembered | undefined;
  set(account: string, state: Remembered): void;
};

/** Remembers the accounts that were asked for last, `most` of them: a cache, checked against the store at each use. */
export function createAccountCache(most: number): AccountCache {
  const remembered = new Map<string, Remembered>();
  return {
    get: (account) => remembered.get(account),
    set: (account, state) => {
      remembered.delete(account);
      remembered.set(account, state);
      const [oldest] = remembered.keys();
      if (remembered.size > most && oldest !== undefined) remembered.delete(oldest);
    },
  };
}
