import { createAccountCache } from './account-cache.ts';
import { workOn } from './account-work.ts';
import { createEarlyMessages, type Early, PATIENCE } from './early-messages.ts';
import { createLanes } from './lanes.ts';
import { type NewsLine, newsOf } from './news.ts';
import { stepCentral } from './step.ts';
import type { CentralStore } from './store/central-store.ts';
import {
  type AccountEntry,
  type CentralEffect,
  type CentralInput,
  type CentralState,
  emptyCentral,
  type World,
} from './words.ts';

type LoopSettings = {
  readonly store: CentralStore;
  /** Asked anew for each step: the book grows while the service runs. */
  readonly world: () => World;
  readonly send: (topic: string, payload: string) => void;
  readonly tell: (line: NewsLine) => void;
  /** The store failed: nothing more may be decided. */
  readonly fail: (error: unknown) => void;
  /** The most accounts that are remembered. */
  readonly cached?: number;
};

type AccountInput = Extract<
  CentralInput,
  { site: unknown } | { on: 'account-changed' } | { on: 'suspensions-changed' } | { on: 'line-orders-changed' }
>;
type DeskInput =
  | Extract<CentralInput, { on: 'link-came-up' }>
  | { readonly on: 'registry-read'; readonly entries: Readonly<Record<string, AccountEntry>>; readonly now: number };
type Task = Early<AccountInput | DeskInput>;

export type CentralLoop = {
  take(input: CentralInput): void;
  /** The caps and cycles of the registry: what differs from what is kept is a change. */
  learn(entries: Readonly<Record<string, AccountEntry>>, now: number): void;
  /** An account as this process saw it last. */
  stateOf(account: string): CentralState | undefined;
  /** Answers when everything taken so far has been decided, kept and sent, but for what waits for what comes before it. */
  settled(): Promise<void>;
  /** Forgets what waits for what comes before it: its device sends it again. */
  forgetEarly(): void;
};

/** The most news that may wait. What is turned away is sent again by the device, which has had no receipt for it. */
const WAITING = 1_000;
/** Messages about one account that share a transaction, and its flush. */
const BATCH = 16;
const CACHED = 2_000;
/** Where news waits that is about no account. */
const DESK = '';

/** News of one account at a time, of several accounts side by side: decide, keep, and only then send. */
export function createCentralLoop(settings: LoopSettings): CentralLoop {
  const { store, world, send, tell, fail } = settings;
  const cache = createAccountCache(settings.cached ?? CACHED);
  const shut = new Set<string>();
  const lanes = createLanes<Task>({ width: store.lanes, batch: BATCH, perform, fail });
  const early = createEarlyMessages<Task['task']>((account, tasks) => lanes.putBack(account, tasks));

  function perform(key: string, tasks: readonly Task[]): Promise<void> {
    return key === DESK ? atDesk(tasks) : withAccount(key, tasks);
  }

  async function atDesk(tasks: readonly Task[]): Promise<void> {
    for (const { task } of tasks) {
      if (task.on === 'link-came-up') {
        carryOut(stepCentral(emptyCentral(), { ...task, greeted: await store.greeted() }, world())[1]);
      }
      if (task.on === 'registry-read') await compare(task.entries, task.now);
    }
  }

  async function compare(entries: Readonly<Record<string, AccountEntry>>, now: number): Promise<void> {
    const kept = await store.entries();
    for (const [account, entry] of Object.entries(entries)) {
      const same = kept[account]?.capMicroEuro === entry.capMicroEuro && kept[account]?.cycle === entry.cycle;
      if (!same) lanes.put(account, { task: { on: 'account-changed', account, entry, now }, rounds: 0 });
    }
  }

  async function withAccount(account: string, tasks: readonly Task[]): Promise<void> {
    if (shut.has(account)) return;
    const remembered = cache.get(account);
    const mayWait = ({ rounds }: Task): boolean => store.shared && rounds < PATIENCE;
    const worked = await store.hold(account, (held) =>
      workOn(tasks, { held, remembered, world: world(), inputOf, mayWait }),
    );
    if (!worked.sound) {
      shut.add(account);
      tell({ level: 'error', message: 'account damaged', fields: { account, why: worked.why } });
      return;
    }
    cache.set(account, worked.now);
    carryOut(worked.effects);
    early.hold(account, worked.early);
    if (worked.rows > 0) early.wake(account);
  }

  function carryOut(effects: readonly CentralEffect[]): void {
    for (const effect of effects) if (effect.do === 'send') send(effect.topic, effect.payload);
    for (const line of newsOf(effects)) tell(line);
  }

  return {
    take: (input) => {
      if (input.on === 'message-unreadable') return carryOut(stepCentral(emptyCentral(), input, world())[1]);
      if (input.on === 'link-came-up') return lanes.put(DESK, { task: input, rounds: 0 });
      const ofRegistry = 'account' in input || input.on === 'written-off';
      if (!ofRegistry && lanes.waiting() + early.held() >= WAITING) return;
      lanes.put(accountOf(input), { task: input, rounds: 0 });
    },
    learn: (entries, now) => lanes.put(DESK, { task: { on: 'registry-read', entries, now }, rounds: 0 }),
    stateOf: (account) => cache.get(account)?.state,
    settled: () => lanes.settled(),
    forgetEarly: () => early.forget(),
  };
}

const accountOf = (input: AccountInput): string => ('account' in input ? input.account : input.site.account);

function inputOf({ task }: Task): CentralInput {
  if (task.on === 'registry-read') throw new Error('the registry is about no account');
  return task;
}
