import { alreadyHeld, type Delivered, readMessage } from './read-message.ts';
import { stepCentral } from './step.ts';
import {
  type AccountEntry,
  type Book,
  type CentralEffect,
  type CentralInput,
  type CentralState,
  emptyCentral,
  type Row,
  streamKey,
  type Warning,
} from './words.ts';

export type CentralMessage = { readonly topic: string; readonly payload: string };
type Kept<Kind extends Row['keep']> = Extract<Row, { keep: Kind }>;

/** A central that holds everything in memory: the same decisions, for simulated time and for tests. */
export type CentralCore = {
  receive(message: Delivered): readonly CentralMessage[];
  change(account: string, entry: AccountEntry, now: number): readonly CentralMessage[];
  state(): CentralState;
  rows<Kind extends Row['keep']>(kind: Kind): readonly Kept<Kind>[];
  warnings(): readonly Warning[];
};

type CentralCoreSettings = { readonly book: Book; readonly sha256hex: (text: string) => string };

export function createCentralCore(world: CentralCoreSettings): CentralCore {
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

  function take(input: CentralInput): readonly CentralMessage[] {
    const range = alreadyHeld(state, input);
    const held = range === undefined ? [] : heldHashes(hashes, range);
    const [next, effects] = stepCentral(state, input.on === 'records-came' ? { ...input, held } : input, world);
    state = next;
    return effects.flatMap(perform);
  }

  return {
    receive: (message) => take(readMessage(message, world.book)),
    change: (account, entry, now) => take({ on: 'account-changed', account, entry, now }),
    state: () => state,
    rows: (kind) => rows.filter((row): row is Kept<typeof kind> => row.keep === kind),
    warnings: () => warnings,
  };
}

type Range = NonNullable<ReturnType<typeof alreadyHeld>>;

function heldHashes(hashes: ReadonlyMap<string, string>, { device, epoch, from, to }: Range): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => hashes.get(recordKey(device, epoch, from + index)) ?? '');
}

const recordKey = (device: string, epoch: string, seq: number): string => `${streamKey(device, epoch)}/${seq}`;
