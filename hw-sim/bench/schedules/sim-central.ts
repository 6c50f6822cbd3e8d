import { alreadyHeld, readMessage } from '../../../provisioning/central/read-message.ts';
import { addBooks, refold } from '../../../provisioning/central/restore.ts';
import { stepCentral } from '../../../provisioning/central/step.ts';
import {
  type AccountEntry,
  type CentralEffect,
  type CentralInput,
  type CentralState,
  emptyCentral,
  emptyStream,
  type Greeted,
  type Row,
  streamKey,
  type Warning,
  type World,
} from '../../../provisioning/central/words.ts';
import type { WriteOffOrder } from '../../../provisioning/registry/registry.ts';

type Sent = { readonly topic: string; readonly payload: string };

/** Where a defect may be planted in the central: around its steps and its restart, never inside. */
export type CentralSeams = {
  readonly before?: (input: CentralInput) => CentralInput | undefined;
  readonly after?: (before: CentralState, after: CentralState, effects: readonly CentralEffect[]) => CentralState;
  readonly sent?: (message: Sent) => Sent | undefined;
  /** What of the rows is there after a crash. */
  readonly kept?: (rows: readonly Row[]) => readonly Row[];
  readonly rebuilt?: (state: CentralState) => CentralState;
};

/** The real core on a store in memory, which is all that is left of it when it crashes. */
export type SimCentral = {
  receive(topic: string, payload: string, now: number): readonly Sent[];
  change(account: string, entry: AccountEntry, now: number): readonly Sent[];
  writeOff(order: WriteOffOrder, now: number): readonly Sent[];
  linkUp(now: number): readonly Sent[];
  restart(): void;
  state(): CentralState;
  rows(): readonly Row[];
  warnings(): readonly Warning['of'][];
};

export function createSimCentral(world: World, seams: CentralSeams): SimCentral {
  let state = emptyCentral();
  let rows: Row[] = [];
  let hashes = new Map<string, string>();
  const warnings: Warning['of'][] = [];

  const keep = (row: Row): void => {
    rows.push(row);
    if (row.keep === 'record') hashes.set(`${streamKey(row.device, row.epoch)}/${row.seq}`, row.hash);
  };

  function take(told: CentralInput): readonly Sent[] {
    const input = seams.before === undefined ? told : seams.before(told);
    if (input === undefined) return [];
    const range = alreadyHeld(state, input);
    const held = range === undefined ? [] : heldIn(hashes, range);
    const [next, effects] = stepCentral(state, input.on === 'records-came' ? { ...input, held } : input, world);
    const before = state;
    state = seams.after?.(before, next, effects) ?? next;
    const sent: Sent[] = [];
    for (const effect of effects) {
      if (effect.do === 'keep' && effect.row.keep !== 'telemetry') keep(effect.row);
      if (effect.do === 'warn') warnings.push(effect.warning.of);
      if (effect.do !== 'send') continue;
      const message = seams.sent === undefined ? effect : seams.sent(effect);
      if (message !== undefined) sent.push(message);
    }
    return sent;
  }

  return {
    receive: (topic, payload, now) => take(readMessage({ topic, payload, now }, world.book)),
    change: (account, entry, now) => take({ on: 'account-changed', account, entry, now }),
    writeOff(order, now) {
      const site = world.book.get(order.device);
      return site === undefined ? [] : take({ on: 'written-off', site, order, now });
    },
    linkUp: (now) => take({ on: 'link-came-up', greeted: greetedIn(state), now }),
    restart() {
      rows = [...(seams.kept?.(rows) ?? rows)];
      hashes = new Map();
      for (const row of rows)
        if (row.keep === 'record') hashes.set(`${streamKey(row.device, row.epoch)}/${row.seq}`, row.hash);
      const rebuilt = rebuild(rows, world);
      state = seams.rebuilt?.(rebuilt) ?? rebuilt;
    },
    state: () => state,
    rows: () => rows,
    warnings: () => warnings,
  };
}

/** Of every box that said hello to an open account. */
const greetedIn = (state: CentralState): readonly Greeted[] =>
  Object.entries(state.greeted).map(([device, epoch]) => {
    const { size, head } = state.streams[streamKey(device, epoch)] ?? emptyStream();
    const [entry] = Object.values(state.accounts);
    return { device, epoch, size, head, cycle: entry?.cycle ?? 0 };
  });

type Range = NonNullable<ReturnType<typeof alreadyHeld>>;

const heldIn = (hashes: ReadonlyMap<string, string>, { device, epoch, from, to }: Range): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => hashes.get(`${streamKey(device, epoch)}/${from + at}`) ?? '');

/** As the service does from its database. */
function rebuild(rows: readonly Row[], world: World): CentralState {
  const accounts: Record<string, AccountEntry> = {};
  const greeted: Record<string, string> = {};
  const deviceKeys: Record<string, string> = {};
  for (const row of rows) {
    if (row.keep === 'account') accounts[row.account] = row.entry;
    if (row.keep === 'greeting') greeted[row.hello.device] = row.hello.epoch;
    if (row.keep === 'device-key') deviceKeys[row.device] = row.key;
  }
  let state = addBooks(emptyCentral(), {
    ...{ accounts, greeted, deviceKeys, countersignedAt: {}, forked: {}, suspensions: {}, suspensionChanges: 0 },
    loans: rows.flatMap((row) => (row.keep === 'loan' ? [row.loan] : [])),
    writeOffs: rows.flatMap((row) => (row.keep === 'write-off' ? [row.writeOff] : [])),
  });
  for (const row of rows) {
    if (row.keep !== 'record') continue;
    const next = refold(state, row, world);
    if (next === undefined) throw new Error(`record ${row.seq} of ${row.device} cannot be folded again`);
    state = next;
  }
  return state;
}
