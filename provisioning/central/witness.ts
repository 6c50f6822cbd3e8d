import { hexOf } from '../../agent/evidence/bytes.ts';
import { cosign, openCheckpoint, originOf, type Sign, type Verify } from '../../agent/evidence/checkpoint.ts';
import {
  type Digest,
  EMPTY_FRONTIER,
  type Frontier,
  grow,
  leafHash,
  readFrontier,
  rootOf,
  writeFrontier,
} from '../../agent/evidence/merkle.ts';
import { readVerifierKey, type VerifierKey, writeVerifierKey } from '../../agent/evidence/note.ts';
import type { Countersigned, SignedCheckpoint } from '../../agent/model/messages.ts';
import { countersignedTo } from './replies.ts';
import { type Answer, type CentralState, type Enrolled, keep, streamKey, type World, warn } from './words.ts';

/** The central as a cosigner (C2SP tlog-cosignature): its key, and what judges the keys of devices. */
export type Witness = {
  readonly key: VerifierKey;
  readonly sign: Sign;
  readonly verify: Verify;
  readonly digest: Digest;
};

/** One log of one device at one size. */
export type Place = { readonly device: string; readonly epoch: string; readonly size: number };
/** A checkpoint that was countersigned: `root` in hex, `frontier` as `writeFrontier` has it, `at` in Unix seconds. */
export type Countersignature = Place & {
  readonly root: string;
  readonly frontier: string;
  readonly note: string;
  readonly at: number;
};

/** What the records that are held come to at the size of a checkpoint, and the countersigned ones around it. */
export type Recomputed = {
  readonly tree: Frontier;
  readonly before: Countersignature | undefined;
  /** The smallest of at least that size: the very one when it was countersigned before. */
  readonly after: Countersignature | undefined;
};

export type CheckpointCame = {
  readonly on: 'checkpoint-came';
  readonly site: Enrolled;
  readonly checkpoint: SignedCheckpoint;
  /** Undefined when the central does not hold that many records yet. */
  readonly held: Recomputed | undefined;
  readonly now: number;
};

/**
 * U-3: countersigns what agrees with the records that are held, in the order of size. The same question has the same
 * answer. A device that signed something else is set aside as a fork, with what proves it (D-2).
 */
export function witness(state: CentralState, input: CheckpointCame, world: World): Answer {
  const { site, checkpoint, held, now } = input;
  const { device, epoch, size } = checkpoint;
  const refuse = (why: string): Answer => [state, [warn({ of: 'checkpoint-refused', device, size, why })]];
  const key = readVerifierKey(state.deviceKeys[device] ?? '', world.witness.digest);
  if (key === undefined) return refuse('the device has named no key');
  const open = openCheckpoint(checkpoint.note, key, world.witness.verify);
  if (open?.checkpoint.origin !== originOf(site.tenant, device, epoch) || open.checkpoint.size !== size)
    return refuse('not signed by the key of this device over this log and size');
  const reply = (note: string | null, over = size): ReturnType<typeof countersignedTo> => {
    const message: Countersigned = { device, epoch, size: over, key: writeVerifierKey(world.witness.key), note };
    return countersignedTo(site, message);
  };
  const stream = streamKey(device, epoch);
  if (state.forked[stream] !== undefined) return [state, [reply(null)]];
  if (held === undefined) return [state, []];
  const root = hexOf(rootOf(held.tree, world.witness.digest));
  if (hexOf(open.checkpoint.root) !== root) return fork(state, input, root, reply(null));
  if (held.after !== undefined) return [state, [reply(held.after.note, held.after.size)]];
  // Time never runs backwards in what is signed, whatever the clock of the central does.
  const at = Math.max(Math.floor(now / 1_000), state.countersignedAt[stream] ?? 0);
  const note = cosign(open.note, at, world.witness.key, world.witness.sign);
  const row = { device, epoch, size, root, frontier: writeFrontier(held.tree), note, at };
  return [
    { ...state, countersignedAt: { ...state.countersignedAt, [stream]: at } },
    [keep({ keep: 'countersignature', ...row }), reply(note)],
  ];
}

/** Both sides of the contradiction are kept: the device's own signature on each, unless it had signed nothing before. */
function fork(
  state: CentralState,
  { checkpoint, held, now }: CheckpointCame,
  root: string,
  reply: ReturnType<typeof countersignedTo>,
): Answer {
  const { device, epoch, size, note: theirs } = checkpoint;
  const ours = (held?.after ?? held?.before)?.note ?? '';
  return [
    { ...state, forked: { ...state.forked, [streamKey(device, epoch)]: size } },
    [
      keep({ keep: 'fork', device, epoch, size, root, ours, theirs, at: now }),
      warn({ of: 'checkpoint-forked', device, size, root }),
      reply,
    ],
  ];
}

/** Where records have to be read for a checkpoint: undefined for any other news, or when they are not held yet. */
export function checkpointPlace(
  state: CentralState,
  input: { readonly on: string; readonly checkpoint?: SignedCheckpoint },
): Place | undefined {
  if (input.checkpoint === undefined) return undefined;
  const { device, epoch, size } = input.checkpoint;
  return size > (state.streams[streamKey(device, epoch)]?.size ?? 0) ? undefined : { device, epoch, size };
}

/** The tree from which the records up to a place are added one by one: that of the checkpoint before, or the empty one. */
export const treeOf = (before: Countersignature | undefined): Frontier =>
  (before && readFrontier(before.frontier)) ?? EMPTY_FRONTIER;

export const grown = (tree: Frontier, bodies: readonly string[], digest: Digest): Frontier =>
  bodies.reduce((frontier, body) => grow(frontier, leafHash(body, digest), digest), tree);

/** Pins the first key that a device names (D-3): its broker credentials speak for it once, its key from then on. */
export function pinKey(state: CentralState, site: Enrolled, named: string | undefined, world: World): CentralState {
  const { device, tenant } = site;
  const key = named === undefined ? undefined : readVerifierKey(named, world.witness.digest);
  if (named === undefined || key === undefined || state.deviceKeys[device] !== undefined) return state;
  if (key.name !== `relais/${tenant}/${device}`) return state;
  return { ...state, deviceKeys: { ...state.deviceKeys, [device]: named } };
}
