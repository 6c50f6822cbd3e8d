import type { HeldAccount, KeptSnapshot } from './store/central-store.ts';
import { type CentralState, emptyCentral, type World } from './words.ts';

/** The state of one account after everything that was kept of it up to a position. */
export type AccountState = { readonly position: number; readonly state: CentralState };

/** Raised whenever folding the same records comes to another state than before. */
const FOLD = 2;

/** A snapshot is a cache and nothing else: it spares folding the records again, and decides nothing by itself. */
export function snapshotOf({ position, state }: AccountState, world: World): KeptSnapshot {
  const text = JSON.stringify(state);
  return { position, state: text, digest: digestOf(position, text, world) };
}

/**
 * The state of a snapshot, if it is whole, made by this way of folding, and every stream in it ends with the very record
 * that the store holds there. Undefined for one that does not fit: then everything is folded from the first record.
 */
export async function openSnapshot(held: HeldAccount, world: World): Promise<AccountState | undefined> {
  const kept = await held.snapshot();
  if (kept === undefined || kept.position > held.position) return undefined;
  if (kept.digest !== digestOf(kept.position, kept.state, world)) return undefined;
  const state: CentralState = JSON.parse(kept.state);
  for (const [key, { size, head }] of Object.entries(state.streams)) {
    const [device = '', epoch = ''] = key.split('/');
    const [body] = await held.bodies({ device, epoch, from: size, to: size });
    if (body === undefined || world.sha256hex(body) !== head) return undefined;
  }
  return { position: kept.position, state };
}

/** A part more or less in the state makes another digest, so that older snapshots are thrown away by themselves. */
const digestOf = (position: number, text: string, world: World): string =>
  world.sha256hex(`${FOLD} ${Object.keys(emptyCentral()).toSorted()} ${position} ${text}`);
