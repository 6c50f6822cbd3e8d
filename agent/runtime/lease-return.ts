import { type Holding, type HoldingEffect, type HoldingEvent, startHolding, stepHolding } from '../machines/holding.ts';
import { hours, millis, minutes, seconds } from '../model/units.ts';
import { available } from '../rating/credit/available.ts';
import { type Credit, less, NO_CREDIT } from '../rating/credit/credit.ts';
import { returnsOf } from '../rating/credit/lease-return.ts';
import { leaseLevel } from '../rating/credit/lease-wish.ts';
import type { LeaseNeeds } from './lease-road.ts';
import { createMachine } from './machine.ts';
import { createTimers } from './timers.ts';

/** Free credit goes back by durable records: idle, recalled, of a month that is over, or expired (C-3, C-5, M1). */
interface LeaseReturn {
  open(): void;
  /** The share that the central told last; a life that has heard none holds what it should. */
  share(): Credit | undefined;
  noteShare(share: Credit | undefined): void;
  /** What is beyond the share goes back at once. */
  recalled(): void;
  centralHeard(): void;
  epochBegan(): void;
  cycleOpened(cycle: number): void;
  accountChanged(): void;
  stop(): void;
}

const LEAST_LOOK = seconds(1);
const SHARE_HOLDS = minutes(10);

type Needs = LeaseNeeds & { readonly shareForgotten: () => void };

export function createLeaseReturn(needs: Needs): LeaseReturn {
  const { contract, ports, turns, ledger } = needs;
  const { clock, journal } = ports;
  const { idleMinutes, validHours, expired } = contract.regime.lease;
  const valid = expired === 'keep' || validHours === undefined ? undefined : hours(validHours);
  const timers = createTimers<'idle' | 'silence' | 'share'>(clock, turns);
  let share: Credit | undefined;
  let heardAt = clock.mono() - needs.silentFor;
  let watching = false;

  const holding = createMachine<Holding, HoldingEvent, HoldingEffect>({
    name: 'holding',
    start: startHolding(),
    step: (state, event) => stepHolding(state, event, minutes(idleMinutes)),
    perform,
    clock,
    journal,
  });

  function perform(effect: HoldingEffect): void {
    switch (effect.do) {
      case 'give-back':
        return giveBack(toKeep(effect.downTo));
      case 'wait':
        return timers.set('idle', effect.for, () => holding.hear({ on: 'waited' }));
      case 'stop-waiting':
        return timers.clear('idle');
    }
  }

  function toKeep(downTo: Extract<HoldingEffect, { do: 'give-back' }>['downTo']): Credit {
    const account = ledger.account();
    if (downTo === 'level') return leaseLevel(account, contract, share);
    if (downTo === 'share') return share ?? available(account);
    return expired === 'bundle-only' ? { ticks: 0, bundleSeconds: available(account).bundleSeconds } : NO_CREDIT;
  }

  /** In a turn of its own and never in the path of a call: what is given back is neither spent nor held. */
  function giveBack(keep: Credit): void {
    for (const event of returnsOf(ledger.account(), keep)) ledger.append(event);
  }

  /** C-5: counted on the monotonic clock, from the last word of the central. */
  function look(): void {
    if (valid === undefined) return;
    const silent = clock.mono() - heardAt;
    watching = silent < valid;
    if (!watching) return holding.hear({ on: 'central-silent' });
    if (silent * 2 >= valid) needs.greet();
    timers.set('silence', millis(Math.max(LEAST_LOOK, Math.min(valid - silent, valid / 8))), look);
  }

  return {
    open: look,
    share: () => share,
    noteShare(told) {
      share = told;
      // A level that nobody repeats is no level any more: its successor may have been lost on the road.
      timers.set('share', SHARE_HOLDS, () => {
        share = undefined;
        needs.shareForgotten();
      });
    },
    recalled: () => holding.hear({ on: 'recalled' }),
    centralHeard() {
      heardAt = clock.mono();
      if (!watching) look();
    },
    epochBegan() {
      share = undefined;
    },
    cycleOpened(cycle) {
      if (cycle <= ledger.account().cycle) return;
      giveBack(NO_CREDIT);
      ledger.append({ kind: 'cycle-opened', cycle });
      share = undefined;
    },
    accountChanged() {
      const account = ledger.account();
      const beyond = less(available(account), leaseLevel(account, contract, share));
      holding.hear({ on: 'account-changed', over: beyond.ticks > 0 || beyond.bundleSeconds > 0 });
    },
    stop: () => timers.stop(),
  };
}
