import { type Credit, type CreditEffect, type CreditEvent, startCredit, stepCredit } from '../machines/credit.ts';
import { type LeaseGrant, type LeaseRecall, topics } from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { leaseWish } from '../rating/credit/lease-wish.ts';
import type { Connection } from './connection.ts';
import { createLeaseReturn } from './lease-return.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

export type LeaseNeeds = {
  readonly config: SiteConfig;
  readonly contract: Contract;
  readonly ports: Pick<AgentPorts, 'clock' | 'journal'>;
  readonly turns: Turns;
  readonly ledger: Ledger;
  readonly connection: Connection;
  /** Milliseconds of running since the central was heard, as far as the records of the lives before tell. */
  readonly silentFor: number;
  /** Asks the central for a word, where there is a connection. */
  readonly greet: () => void;
  /** The central speaks to another epoch of this box: its shares would never come. */
  readonly misled: () => void;
};

/** Credit comes down before it is needed, and goes back when it is not (C-3). */
export interface LeaseRoad {
  open(): void;
  /** The central was reached and holds this very history. */
  centralReached(): void;
  /** A word of the central, whatever it says. */
  centralHeard(): void;
  epochBegan(): void;
  granted(grant: LeaseGrant): void;
  recalled(recall: LeaseRecall): void;
  /** M1: gives the credit of the cycle back and opens the next one; a cycle that is no later changes nothing. */
  cycleOpened(cycle: number): void;
  /** Spending, reserving or a lease has changed the account. */
  accountChanged(): void;
  stop(): void;
}

export function createLeaseRoad(needs: LeaseNeeds): LeaseRoad {
  const { config, contract, ports, turns, ledger, connection } = needs;
  const { clock, journal } = ports;
  const device = config.device.id;
  const on = topics(config.tenant, device);
  const timers = createTimers<'wish'>(clock, turns);
  const back = createLeaseReturn({ ...needs, shareForgotten: accountChanged });
  const credit = createMachine<Credit, CreditEvent, CreditEffect>({
    name: 'credit',
    start: startCredit(ledger.leasesReceived()),
    step: stepCredit,
    perform,
    clock,
    journal,
  });

  function perform(effect: CreditEffect): void {
    if (effect.do === 'wait') return timers.set('wish', effect.for, () => credit.hear({ on: 'waited' }));
    const { ticks, bundleSeconds } = effect.wish;
    const epoch = ledger.epoch();
    const request = `${epoch}-${effect.number}`;
    connection.publish(on.leaseRequest, {
      device,
      epoch,
      request,
      wantTicks: ticks,
      wantBundleSeconds: bundleSeconds,
    });
  }

  function accountChanged(): void {
    credit.hear({ on: 'account-changed', wish: leaseWish(ledger.account(), contract, back.share()) });
    back.accountChanged();
  }

  return {
    open: back.open,
    centralReached: () => credit.hear({ on: 'central-reached' }),
    centralHeard: back.centralHeard,
    epochBegan() {
      back.epochBegan();
      credit.hear({ on: 'epoch-began' });
    },
    granted({ epoch, request, lease, share }) {
      const state = credit.state();
      if (epoch !== ledger.epoch() || state.at !== 'wishing' || request !== `${epoch}-${state.granted + 1}`) return;
      back.centralHeard();
      back.noteShare(share);
      if (lease === null) {
        credit.hear({ on: 'wish-declined' });
        return accountChanged();
      }
      back.cycleOpened(lease.cycle);
      timers.clear('wish');
      credit.hear({ on: 'lease-received' });
      ledger.append({ kind: 'lease-received', lease });
    },
    recalled({ epoch, share, now }) {
      if (epoch !== ledger.epoch()) return needs.misled();
      back.centralHeard();
      back.noteShare(share);
      if (now) back.recalled();
      accountChanged();
      credit.hear({ on: 'central-reached' });
    },
    cycleOpened: back.cycleOpened,
    accountChanged,
    stop() {
      timers.stop();
      back.stop();
    },
  };
}
