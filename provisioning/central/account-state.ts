import { canonical } from '../../agent/model/canonical.ts';
import { Fault } from '../../agent/model/fault.ts';
import { addBooks, refold } from './restore.ts';
import { type AccountState, openSnapshot } from './snapshot.ts';
import type { HeldAccount } from './store/central-store.ts';
import { emptyCentral, type World } from './words.ts';

/** An account as it stands now, and how many records had to be folded for it. */
type Loaded = AccountState & { readonly folded: number };

const PAGE = 1_000;

/** Nothing was kept of the account yet. */
const nothing = (): AccountState => ({ position: 0, state: emptyCentral() });

/**
 * The account as everything that was kept of it makes it: from what is remembered of it, else from its snapshot, else from
 * its first record on.
 * @throws Fault `ledger.damaged` at the first record that does not continue its chain, or when the store has gone back.
 */
export async function loadAccount(
  held: HeldAccount,
  remembered: AccountState | undefined,
  world: World,
): Promise<Loaded> {
  if (remembered !== undefined && remembered.position > held.position) {
    // An old copy was put in its place. What was promised since is gone: nobody may go on as if it were not.
    throw new Fault('ledger.damaged', { known: remembered.position, found: held.position });
  }
  return catchUp(held, remembered ?? (await openSnapshot(held, world)) ?? nothing(), world);
}

/** The account from its first record on, without a look at any snapshot: the authority. */
export const refoldAccount = (held: HeldAccount, world: World, atATime = PAGE): Promise<Loaded> =>
  catchUp(held, nothing(), world, atATime);

/** Whether the snapshot of an account, if it has one, comes to the same as all of its records. */
export async function snapshotAgrees(held: HeldAccount, whole: AccountState, world: World): Promise<boolean> {
  const snapshot = await openSnapshot(held, world);
  if (snapshot === undefined) return (await held.snapshot()) === undefined;
  const { state } = await catchUp(held, snapshot, world);
  return canonical(state) === canonical(whole.state);
}

/** Books first: a loan that is newer than a record cannot be meant by it, and says so itself (`grantedAfter`). */
async function catchUp(held: HeldAccount, from: AccountState, world: World, atATime = PAGE): Promise<Loaded> {
  if (from.position === held.position) return { ...from, folded: 0 };
  let state = addBooks(from.state, await held.books(from.position));
  let position = from.position;
  for (let folded = 0; ; ) {
    const page = await held.records(position, atATime);
    for (const kept of page) {
      const next = refold(state, kept, world);
      if (next === undefined)
        throw new Fault('ledger.damaged', { device: kept.device, epoch: kept.epoch, seq: kept.seq });
      state = next;
      position = kept.position;
    }
    folded += page.length;
    if (page.length < atATime) return { state, position: held.position, folded };
  }
}
