import type { Digest } from '../../agent/evidence/merkle.ts';
import { type LineOrder, ordersByDevice } from '../registry/line-orders.ts';
import type { WriteOffOrder } from '../registry/registry.ts';
import type { Suspension } from '../registry/suspensions.ts';
import { alreadyHeld, type Delivered, readMessage } from './read-message.ts';
import { stepCentral } from './step.ts';
import { checkpointPlace, grown, type Place, type Recomputed, treeOf } from './witness.ts';
import {
  type AccountEntry,
  type CentralEffect,
  type CentralInput,
  type CentralState,
  emptyCentral,
  type Row,
  streamKey,
  type Warning,
  type World,
} from './words.ts';

export type CentralMessage = { readonly topic: string; readonly payload: string };
type Kept<Kind extends Row['keep']> = Extract<Row, { keep: Kind }>;

/** A central that holds everything in memory: the same decisions, for simulated time and for tests. */
export type CentralCore = {
  receive(message: Delivered): readonly CentralMessage[];
  change(account: string, entry: AccountEntry, now: number): readonly CentralMessage[];
  writeOff(order: WriteOffOrder, now: number): readonly CentralMessage[];
  suspend(account: string, suspensions: readonly Suspension[], now: number): readonly CentralMessage[];
  /** Every order for a mobile line in the operator's book from now on (S-1, S-11). */
  orderLines(account: string, orders: readonly LineOrder[], now: number): readonly CentralMessage[];
  state(): CentralState;
  rows<Kind extends Row['keep']>(kind: Kind): readonly Kept<Kind>[];
  warnings(): readonly Warning[];
};

type CentralCoreSettings = World;

export function createCentralCore(settings: CentralCoreSettings): CentralCore {
  let world = settings;
  let state = emptyCentral();
  const rows: Row[] = [];
  const warnings: Warning[] = [];
  const hashes = new Map<string, string>();

  function keep(row: Row): void {
    rows.push(row);
    if (row.keep === 'record') hashes.set(recordKey(row.device, row.epoch, row.seq), row.hash);
  }

  function perform(effect: CentralEffect): readonly CentralMessage[] {
    if (effect.do === 'keep') keep(effect.row);
    if (effect.do === 'warn') warnings.push(effect.warning);
    return effect.do === 'send' ? [{ topic: effect.topic, payload: effect.payload }] : [];
  }

  function handIn(input: CentralInput): CentralInput {
    if (input.on === 'records-came') {
      const range = alreadyHeld(state, input);
      return { ...input, held: range === undefined ? [] : heldHashes(hashes, range) };
    }
    if (input.on !== 'checkpoint-came') return input;
    const place = checkpointPlace(state, input);
    return { ...input, held: place && recomputed(rows, place, world.witness.digest) };
  }

  function take(input: CentralInput): readonly CentralMessage[] {
    const [next, effects] = stepCentral(state, handIn(input), world);
    state = next;
    return effects.flatMap(perform);
  }

  return {
    receive: (message) => take(readMessage(message, world.book)),
    change: (account, entry, now) => take({ on: 'account-changed', account, entry, now }),
    writeOff(order, now) {
      const site = world.book.get(order.device);
      return site === undefined ? [] : take({ on: 'written-off', site, order, now });
    },
    suspend: (account, suspensions, now) => take({ on: 'suspensions-changed', account, suspensions, now }),
    orderLines(account, orders, now) {
      world = { ...world, lineOrders: ordersByDevice(orders) };
      return take({ on: 'line-orders-changed', account, now });
    },
    state: () => state,
    rows: (kind) => rows.filter((row): row is Kept<typeof kind> => row.keep === kind),
    warnings: () => warnings,
  };
}

type Range = NonNullable<ReturnType<typeof alreadyHeld>>;

function heldHashes(hashes: ReadonlyMap<string, string>, { device, epoch, from, to }: Range): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => hashes.get(recordKey(device, epoch, from + index)) ?? '');
}

/** As `recompute` does with a store. */
function recomputed(rows: readonly Row[], { device, epoch, size }: Place, digest: Digest): Recomputed {
  const ours = rows.filter((row) => 'epoch' in row && row.device === device && row.epoch === epoch);
  const signed = ours.flatMap((row) => (row.keep === 'countersignature' ? [row] : []));
  const before = signed.findLast((row) => row.size < size);
  const tree = treeOf(before);
  const bodies = ours.flatMap((row) =>
    row.keep === 'record' && row.seq > tree.size && row.seq <= size ? [row.body] : [],
  );
  return { tree: grown(tree, bodies, digest), before, after: signed.find((row) => row.size >= size) };
}

const recordKey = (device: string, epoch: string, seq: number): string => `${streamKey(device, epoch)}/${seq}`;
