import { Fault } from '../../agent/model/fault.ts';
import { type NewsLine, newsOf } from './news.ts';
import { alreadyHeld } from './read-message.ts';
import { recompute } from './recompute.ts';
import { refold, restoreBooks } from './restore.ts';
import { stepCentral } from './step.ts';
import type { CentralStore } from './store.ts';
import { checkpointPlace } from './witness.ts';
import type { CentralEffect, CentralInput, CentralState, Row, World } from './words.ts';

type LoopSettings = {
  readonly store: CentralStore;
  /** Asked anew for each step: the book grows while the service runs. */
  readonly world: () => World;
  readonly send: (topic: string, payload: string) => void;
  readonly tell: (line: NewsLine) => void;
  /** The store failed: nothing more may be decided. */
  readonly fail: (error: unknown) => void;
};

export type CentralLoop = {
  take(input: CentralInput): void;
  state(): CentralState;
  /** Answers when everything taken so far has been decided, kept and sent. */
  settled(): Promise<void>;
};

/** The most news that may wait. What is turned away is sent again by the device, which has had no receipt for it. */
const WAITING = 1_000;
const PAGE = 1_000;

/** One piece of news at a time: decide, keep, and only then send. */
export async function openCentralLoop({ store, world, send, tell, fail }: LoopSettings): Promise<CentralLoop> {
  let state = await rebuild(store, world());
  let waiting = 0;
  let broken = false;
  let last: Promise<void> = Promise.resolve();

  /** What the core must know of the records that are held. */
  async function handIn(input: CentralInput): Promise<CentralInput> {
    if (input.on === 'records-came') {
      const range = alreadyHeld(state, input);
      return { ...input, held: range === undefined ? [] : await store.hashes(range) };
    }
    if (input.on !== 'checkpoint-came') return input;
    const place = checkpointPlace(state, input);
    return { ...input, held: place && (await recompute(store, place, world().witness.digest)) };
  }

  async function take(input: CentralInput): Promise<void> {
    const [next, effects] = stepCentral(state, await handIn(input), world());
    await store.commit(effects.flatMap(rowsOf));
    state = next;
    for (const effect of effects) if (effect.do === 'send') send(effect.topic, effect.payload);
    for (const line of newsOf(effects)) tell(line);
  }

  return {
    take: (input) => {
      if (broken || waiting >= WAITING) return;
      waiting += 1;
      last = last.then(async () => {
        if (!broken) await take(input);
        waiting -= 1;
      });
      last = last.catch((error: unknown) => {
        broken = true;
        fail(error);
      });
    },
    state: () => state,
    settled: () => last,
  };
}

/**
 * The state as it was, from what is kept; every hash of every chain is checked on the way.
 * @throws Fault `ledger.damaged` at the first record that does not fit.
 */
export async function rebuild(store: CentralStore, world: World, atATime = PAGE): Promise<CentralState> {
  let state = restoreBooks(await store.books());
  let position = 0;
  for (;;) {
    const page = await store.records(position, atATime);
    for (const kept of page) {
      const next = refold(state, kept, world);
      if (next === undefined)
        throw new Fault('ledger.damaged', { device: kept.device, epoch: kept.epoch, seq: kept.seq });
      state = next;
      position = kept.position;
    }
    if (page.length < atATime) return state;
  }
}

const rowsOf = (effect: CentralEffect): readonly Row[] => (effect.do === 'keep' ? [effect.row] : []);
