import { Fault } from '../../../agent/model/fault.ts';
import type { Remembered } from '../account-cache.ts';
import { loadAccount } from '../account-state.ts';
import { workOn } from '../account-work.ts';
import type { CentralStore, HeldAccount } from '../store/central-store.ts';
import type { CheckpointCame } from '../witness.ts';
import type { World } from '../words.ts';
import type { Envelope } from './envelopes.ts';
import { NOTHING, plusSteps, type Tally } from './tally.ts';
import { createTrial } from './trial.ts';

export type Handing = { readonly store: CentralStore; readonly world: World; readonly account: string };
type News = Envelope | CheckpointCame;
/** What is handed in, records before checkpoints. */
type HandedIn = { readonly envelopes: readonly Envelope[]; readonly checkpoints: readonly CheckpointCame[] };

/** The account as its rows make it. @throws Fault `ledger.damaged` when they do not hold together. */
export async function standing({ store, world, account }: Handing): Promise<Remembered> {
  const loaded = await store.hold(account, (held) => loadAccount(held, undefined, world));
  return { ...loaded, sinceSnapshot: loaded.folded };
}

/** What would come of it, with nothing kept; and how much of it may be handed in: nothing behind a record that stops it. */
export async function tryOut(
  handing: Handing,
  from: Remembered,
  { envelopes, checkpoints }: HandedIn,
): Promise<{ readonly tally: Tally; readonly heldAfter: Remembered; readonly fitting: HandedIn }> {
  const held = createTrial(handing.store, handing.account, from);
  let at = { tally: NOTHING, now: from };
  const fitting: Envelope[] = [];
  for (const envelope of envelopes) {
    if (at.tally.stopped !== undefined) break;
    fitting.push(envelope);
    at = await take(at, [envelope], held, handing);
  }
  for (const checkpoint of checkpoints) at = await take(at, [checkpoint], held, handing);
  return { tally: at.tally, heldAfter: at.now, fitting: { envelopes: fitting, checkpoints } };
}

/** Pieces of news that share a transaction, and its flush: other boxes of the account wait no longer for it. */
const BATCH = 16;

/**
 * Hands in what a trial found fitting, through the very steps and transactions that messages of the box take. A kill leaves
 * whole transactions: the same again goes on from there.
 */
export async function handIn(handing: Handing, from: Remembered, fitting: HandedIn): Promise<Tally> {
  const news: readonly News[] = [...fitting.envelopes, ...fitting.checkpoints];
  let at = { tally: NOTHING, now: from };
  for (let first = 0; first < news.length; first += BATCH) {
    const batch = news.slice(first, first + BATCH);
    at = await handing.store.hold(handing.account, (held) => take(at, batch, held, handing));
  }
  return at.tally;
}

type At = { readonly tally: Tally; readonly now: Remembered };

async function take(
  { tally, now }: At,
  news: readonly News[],
  held: HeldAccount,
  { world, account }: Handing,
): Promise<At> {
  const worked = await workOn(news, {
    ...{ held, remembered: now, world },
    inputOf: (one) => one,
    mayWait: () => false,
  });
  if (!worked.sound)
    throw new Fault('ledger.damaged', { account, why: worked.why, remedy: 'run relais central check' });
  const envelopes = news.filter((one) => one.on === 'records-came');
  return { now: worked.now, tally: plusSteps(tally, worked.effects, envelopes) };
}
