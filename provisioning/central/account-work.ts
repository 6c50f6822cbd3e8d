import { isFault } from '../../agent/model/fault.ts';
import type { Remembered } from './account-cache.ts';
import { loadAccount } from './account-state.ts';
import { alreadyHeld, comesTooEarly } from './read-message.ts';
import { recompute } from './recompute.ts';
import { snapshotOf } from './snapshot.ts';
import { stepCentral } from './step.ts';
import type { HeldAccount } from './store/central-store.ts';
import { checkpointPlace } from './witness.ts';
import type { CentralEffect, CentralInput, CentralState, Row, World } from './words.ts';

type Worked<Task> =
  | {
      readonly sound: true;
      readonly now: Remembered;
      /** What the account has moved on by, and what is to be done once it is durable. */
      readonly rows: number;
      readonly effects: readonly CentralEffect[];
      readonly early: readonly Task[];
    }
  /** What is kept of the account does not hold together: nothing is taken of it any more. */
  | { readonly sound: false; readonly why: string };

type WorkSettings<Task> = {
  readonly held: HeldAccount;
  readonly remembered: Remembered | undefined;
  readonly world: World;
  readonly inputOf: (task: Task) => CentralInput;
  /** Whether a message that comes too early may wait for what comes before it. */
  readonly mayWait: (task: Task) => boolean;
};

/** An account is folded anew from at most so many records when it is loaded. */
const SNAPSHOT_EVERY = 1_000;

/** Decides pieces of news about one account, one after the other, and keeps what comes of them in one transaction. */
export async function workOn<Task>(tasks: readonly Task[], settings: WorkSettings<Task>): Promise<Worked<Task>> {
  const { held, world, inputOf, mayWait } = settings;
  const loaded = await load(settings);
  if (!loaded.sound) return loaded;
  let { state, position, sinceSnapshot } = loaded.now;
  const effects: CentralEffect[] = [];
  const early: Task[] = [];
  for (const task of tasks) {
    const input = inputOf(task);
    if (comesTooEarly(state, input) && mayWait(task)) {
      early.push(task);
      continue;
    }
    const [next, did] = stepCentral(state, await handIn(held, state, input, world), world);
    const rows = did.flatMap(rowsOf);
    position = await held.keep(rows);
    state = next;
    sinceSnapshot += rows.filter(({ keep }) => keep === 'record').length;
    effects.push(...did);
  }
  if (sinceSnapshot >= SNAPSHOT_EVERY) {
    await held.keepSnapshot(snapshotOf({ position, state }, world));
    sinceSnapshot = 0;
  }
  return { sound: true, now: { position, state, sinceSnapshot }, rows: position - held.position, effects, early };
}

async function load<Task>({ held, remembered, world }: WorkSettings<Task>) {
  try {
    const { state, position, folded } = await loadAccount(held, remembered, world);
    const now: Remembered = { state, position, sinceSnapshot: (remembered?.sinceSnapshot ?? 0) + folded };
    return { sound: true, now } as const;
  } catch (error) {
    if (isFault(error, 'ledger.damaged')) return { sound: false, why: error.message } as const;
    throw error;
  }
}

/** What the core must know of the records that are held. */
async function handIn(
  held: HeldAccount,
  state: CentralState,
  input: CentralInput,
  world: World,
): Promise<CentralInput> {
  if (input.on === 'records-came') {
    const range = alreadyHeld(state, input);
    return { ...input, held: range === undefined ? [] : await held.hashes(range) };
  }
  if (input.on !== 'checkpoint-came') return input;
  const place = checkpointPlace(state, input);
  return { ...input, held: place && (await recompute(held, place, world.witness.digest)) };
}

const rowsOf = (effect: CentralEffect): readonly Row[] => (effect.do === 'keep' ? [effect.row] : []);
