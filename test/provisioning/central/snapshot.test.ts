import { beforeEach, describe, expect, test } from 'vitest';
import { loadAccount } from '../../../provisioning/central/account-state.ts';
import { checkStore } from '../../../provisioning/central/check.ts';
import { snapshotOf } from '../../../provisioning/central/snapshot.ts';
import type { KeptSnapshot } from '../../../provisioning/central/store/central-store.ts';
import { openSqliteStore } from '../../../provisioning/central/store/sqlite/open-sqlite.ts';
import { account, NOW, world } from './central.ts';
import { refolded, run, take } from './durable-central.ts';
import type { Site } from './site.ts';
import { placesFor } from './stores.ts';
import { begun } from './wire.ts';

const places = placesFor('sqlite');
let directory: string;
let site: Site;

/** A little more than a thousand records, then a few more behind the snapshot. */
beforeEach(async () => {
  directory = places.folder();
  const running = await run({ kind: 'sqlite', directory });
  running.loop.take({ on: 'account-changed', account, entry: { capMicroEuro: 40_000_000, cycle: 1 }, now: NOW });
  await running.loop.settled();
  site = begun();
  for (let call = 0; call < 1_020; call += 1) site.call(`c${call}`, '0612345678', 60);
  for (let from = 1; from <= site.bodies.length; from += 100) await take(running, site.records(from, 100));
  await running.store.close();
});

type Looked = { readonly folded: number; readonly position: number; readonly snapshot: KeptSnapshot | undefined };

/** Loads the account as a central does that has just begun, after somebody had a hand in its snapshot. */
async function loadAfter(change: (kept: KeptSnapshot) => KeptSnapshot): Promise<Looked> {
  const store = await openSqliteStore(directory);
  const kept = await store.hold(account, (held) => held.snapshot());
  if (kept === undefined) throw new Error('there is no snapshot');
  await store.hold(account, (held) => held.keepSnapshot(change(kept)));
  const loaded = await store.hold(account, (held) => loadAccount(held, undefined, world));
  expect(loaded.state).toEqual(await refolded(store));
  const snapshot = await store.hold(account, (held) => held.snapshot());
  await store.close();
  return { folded: loaded.folded, position: loaded.position, snapshot };
}

const resealed = (kept: KeptSnapshot, change: (text: string) => string): KeptSnapshot =>
  snapshotOf({ position: kept.position, state: JSON.parse(change(kept.state)) }, world);

describe('the snapshot of an account (U-3, U-7)', () => {
  test('spares folding what it covers, and comes to the same', async () => {
    const { folded, position } = await loadAfter((kept) => kept);
    expect(site.bodies.length).toBe(1_023);
    expect(folded).toBe(23);
    // The account's entry and its records.
    expect(position).toBe(1_024);
  });

  test.each<[string, (kept: KeptSnapshot) => KeptSnapshot]>([
    ['whose bytes were changed', (kept) => ({ ...kept, state: kept.state.replace('"size":', '"size":1') })],
    ['that says it covers more than there is', (kept) => ({ ...kept, position: kept.position + 1 })],
    ['made by another way of folding', (kept) => ({ ...kept, digest: world.sha256hex(kept.state) })],
    [
      'of another history, whole in itself',
      (kept) => resealed(kept, (text) => text.replace(/"head":"../, '"head":"00')),
    ],
    ['of a longer history, whole in itself', (kept) => resealed(kept, (text) => text.replace('"size":', '"size":1'))],
  ])('%s is thrown away, and everything is folded again', async (_what, change) => {
    const { folded } = await loadAfter(change);
    expect(folded).toBe(site.bodies.length);
  });

  test('is never the authority: one that was forged with care is found by relais central check', async () => {
    const store = await openSqliteStore(directory);
    const checked = async () => (await checkStore(store, world).next()).value;
    expect(await checked()).toEqual({ account, records: site.bodies.length, snapshotAgrees: true });
    await store.hold(account, async (held) => {
      const kept = await held.snapshot();
      if (kept === undefined) throw new Error('there is no snapshot');
      await held.keepSnapshot(
        resealed(kept, (text) => text.replace('"capMicroEuro":40000000', '"capMicroEuro":90000000')),
      );
    });
    expect(await checked()).toEqual({ account, records: site.bodies.length, snapshotAgrees: false });
    await store.close();
  });

  test('an account of which the store holds less than was once seen is not gone on with', async () => {
    const store = await openSqliteStore(directory);
    const ahead = await store.hold(account, (held) => loadAccount(held, undefined, world));
    const remembered = { ...ahead, position: ahead.position + 1 };
    const load = store.hold(account, (held) => loadAccount(held, remembered, world));
    await expect(load).rejects.toThrow(/ledger\.damaged.*"known":1025,"found":1024/);
    await store.close();
  });
});
