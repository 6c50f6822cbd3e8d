import { refoldAccount, snapshotAgrees } from './account-state.ts';
import type { CentralStore } from './store/central-store.ts';
import type { World } from './words.ts';

export type CheckedAccount = {
  readonly account: string;
  /** Records of all epochs of all devices; every hash of every chain was made anew. */
  readonly records: number;
  /** Its snapshot comes to the same as its records, or there is none. */
  readonly snapshotAgrees: boolean;
};

/**
 * Folds one account after the other from its first record on, as if there were no snapshots.
 * @throws Fault `ledger.damaged` at the first record that does not continue its chain.
 */
export async function* checkStore(store: CentralStore, world: World): AsyncGenerator<CheckedAccount> {
  for (const account of await store.accounts()) {
    yield await store.hold(account, async (held) => {
      const whole = await refoldAccount(held, world);
      return { account, records: whole.folded, snapshotAgrees: await snapshotAgrees(held, whole, world) };
    });
  }
}
