import type { Progress, SwapEffect, SwapEvent } from '../../../../agent/machines/swap/step.ts';
import { COST_OF_FIT, costOfRung, costOfSwitch } from '../../../../agent/machines/swap/wear.ts';
import { recoverSwap, stepSwap } from '../../../../agent/machines/swap.ts';
import { never } from '../../../../agent/model/never.ts';
import type { LineCheck, SimSight, SwitchEnd } from '../../../../agent/model/sim-sight.ts';
import type { SimOrder, SimPlace, SimReport } from '../../../../agent/model/sim-swap.ts';
import { type Swap, SwapSchema } from '../../../../agent/model/swap-journal.ts';
import { type Millis, millis } from '../../../../agent/model/units.ts';

export const A = '8933010000000000011';
export const B = '8933100000000000029';
export const C = '8933200000000000037';

/** What a world does wrong, by a throw of dice in [0, 1). */
export type Dice = () => number;
export type Habits = {
  /** An eUICC with A and B in holder 1; cards A and C in two holders; or card A in holder 1 and an eUICC with B and C in 2. */
  readonly kind: 'euicc' | 'slots' | 'holders';
  /** The network that each card meets. */
  readonly lines: Readonly<Record<string, LineCheck>>;
  /** Likelihoods: no answer, an answer that is lost, a refusal, the baseband staying with the old card, the journal failing. */
  readonly silent: number;
  readonly lost: number;
  /** Of the lost answers, those to an order that was not carried out. */
  readonly vain: number;
  readonly refused: number;
  readonly stale: number;
  readonly unkept: number;
  /** The modem keeps the configuration of the operator before, and carries nothing with it. */
  readonly keepsCarrier?: boolean;
  /** The PIN of A, which asks for it at each start; the order has it where `knowsPin` says so. */
  readonly locked?: boolean;
  readonly knowsPin?: boolean;
  /** Power cuts that are still to come, and how likely each is at a step. */
  readonly cuts: number;
  readonly cutting: number;
};

export const GOOD: LineCheck = { registered: 'home', refusedFor: undefined, carries: true };
const UNSERVED: LineCheck = { registered: 'no', refusedFor: undefined, carries: false };
/** Of three operators. */
const IMSIS: Readonly<Record<string, string>> = {
  [A]: '208010000000001',
  [B]: '208100000000002',
  [C]: '208200000000003',
};
export const FAIR: Habits = {
  ...{ kind: 'euicc', lines: { [A]: GOOD, [B]: GOOD, [C]: GOOD } },
  ...{ silent: 0, lost: 0, vain: 0, refused: 0, stale: 0, unkept: 0, cuts: 0, cutting: 0 },
};

/** A modem with its cards, as far as the engine can tell; every operation that wears is counted by its day. */
export function createWorld(habits: Habits, dice: Dice) {
  let slot: 1 | 2 = 1;
  let enabled: string = habits.kind === 'holders' ? C : A;
  let locked = habits.locked === true;
  let carrier: string = A;
  let radio = true;
  let baseband: string | undefined = A;
  let now = 1_780_000_000_000;
  let cutsLeft = habits.cuts;
  let kept: Swap | undefined;
  let state: Swap;
  let steps = 0;
  const operations = new Map<number, number>();
  const progress: Progress[] = [];
  const reports: SimReport[] = [];
  const bars: string[] = [];
  const queue: { readonly at: number; readonly name: string; readonly event: () => SwapEvent }[] = [];

  const euiccIn = { euicc: 1, slots: undefined, holders: 2 }[habits.kind];
  const cardIn = () => (slot === euiccIn ? enabled : slot === 1 ? A : C);
  const reread = () => {
    if (dice() >= habits.stale) baseband = radio ? cardIn() : undefined;
  };
  const spend = (count: number) => {
    const day = Math.floor(now / 86_400_000);
    operations.set(day, (operations.get(day) ?? 0) + count);
  };
  const sight = (): SimSight | undefined => {
    if (dice() < habits.silent) return undefined;
    const held = habits.kind === 'holders' ? [B, C] : [A, B];
    const profiles = held.map((iccid) => ({ iccid, isEnabled: iccid === enabled, staysEnabled: false }));
    return {
      ...{ slot, iccid: baseband, imsi: IMSIS[baseband ?? ''], accessPoint: undefined, pin: 'open' },
      locked: locked && baseband === A,
      profiles: slot === euiccIn ? profiles : undefined,
      carrier: habits.keepsCarrier ? carrier : undefined,
    };
  };
  const change = (to: SimPlace): SwitchEnd => {
    spend(costOfSwitch(to));
    if (dice() < habits.refused) return { so: 'refused', why: 'busy', final: dice() < 0.3 };
    const isLost = dice() < habits.lost;
    if (isLost && dice() < habits.vain) return { so: 'lost' };
    if (to.slot !== undefined) slot = to.slot;
    else if (to.by === 'profile') enabled = to.iccid;
    radio = true;
    reread();
    return isLost ? { so: 'lost' } : { so: 'done' };
  };

  const post = (delay: number, name: string, event: (at: Millis) => SwapEvent) => {
    const at = now + delay;
    // The same wait again takes the place of the one before; so does a question.
    const stale = queue.findIndex((one) => one.name === name);
    if (stale >= 0) queue.splice(stale, 1);
    queue.push({ at, name, event: () => event(millis(now)) });
  };

  function perform(effect: SwapEffect): void {
    switch (effect.do) {
      case 'look':
        return post(100, 'answer', (at) => ({ on: 'looked', seen: sight(), now: at }));
      case 'record':
        return post(5, 'recorded', (at) => {
          reports.push(effect.report);
          return { on: 'recorded', so: 'kept', now: at };
        });
      case 'download':
        return post(9_000, 'answer', (at) => ({ on: 'downloaded', iccid: B, now: at }));
      case 'switch':
        return post(400, 'answer', (at) => ({ on: 'switched', end: change(effect.to), now: at }));
      case 'climb':
        return post(3_000, 'answer', (at) => {
          spend(costOfRung(effect.rung));
          radio = true;
          reread();
          return { on: 'climbed', now: at };
        });
      case 'open':
        return post(300, 'answer', (at) => ({ on: 'opened', opened: false, now: at }));
      case 'unlock':
        return post(300, 'answer', (at) => {
          if (habits.knowsPin) locked = false;
          return { on: 'opened', opened: habits.knowsPin === true, now: at };
        });
      case 'fit':
        return post(3_000, 'answer', (at) => {
          spend(COST_OF_FIT);
          radio = true;
          reread();
          carrier = cardIn();
          return { on: 'fitted', now: at };
        });
      case 'check':
        return post(500, 'answer', (at) => ({
          on: 'checked',
          line:
            dice() < habits.silent
              ? undefined
              : habits.keepsCarrier && carrier !== baseband
                ? UNSERVED
                : habits.lines[baseband ?? ''],
          now: at,
        }));
      case 'bar':
      case 'admit':
        bars.push(effect.do);
        return;
      case 'deliver':
        return;
      case 'wait':
        return post(effect.for, effect.name, (at) => ({ on: 'waited', name: effect.name, now: at }));
      case 'tell':
        progress.push(effect.news);
        return;
      default:
        return never(effect);
    }
  }

  /** Kept before it is performed; a journal that fails is told, and what the machine then wants is done without it. */
  function take([next, effects]: readonly [Swap, readonly SwapEffect[]]): void {
    const isNews = kept === undefined || JSON.stringify(next) !== JSON.stringify(kept);
    state = next;
    if (isNews && cut()) return;
    if (isNews && dice() < habits.unkept) {
      const [after, instead] = stepSwap(next, { on: 'not-kept', now: millis(now) });
      state = after;
      for (const effect of [...effects.filter((one) => one.do === 'wait'), ...instead]) perform(effect);
      return;
    }
    kept = SwapSchema.parse(JSON.parse(JSON.stringify(next)));
    if (cut()) return;
    for (const effect of effects) perform(effect);
  }

  /** Power goes and comes back: what was not kept is gone, and modem and card start anew. */
  function cut(): boolean {
    if (cutsLeft === 0 || kept === undefined || dice() >= habits.cutting) return false;
    cutsLeft -= 1;
    queue.length = 0;
    now += 30_000;
    radio = true;
    baseband = cardIn();
    take(recoverSwap(kept, now));
    return true;
  }

  function next(): boolean {
    queue.sort((a, b) => a.at - b.at);
    const first = queue.shift();
    if (first === undefined) return false;
    now = Math.max(now, first.at);
    steps += 1;
    take(stepSwap(state, first.event()));
    return true;
  }

  return {
    start(from: Swap) {
      kept = from;
      state = from;
      take(recoverSwap(from, now));
    },
    order: (order: SimOrder) => take(stepSwap(state, { on: 'ordered', order, now: millis(now) })),
    /** Until the engine rests, or too many steps have passed. @returns whether it rests */
    run(most: number): boolean {
      for (let at = 0; at < most; at += 1) {
        if (state.at === 'resting' && queue.every(({ name }) => name !== 'answer')) return true;
        if (!next()) return state.at === 'resting';
      }
      return state.at === 'resting';
    },
    state: () => state,
    inUse: () => (radio ? cardIn() : undefined),
    seen: () => ({ now, steps, progress, reports, bars, operations: [...operations.values()] }),
  };
}
