import { type Credit, type CreditEffect, type CreditEvent, startCredit, stepCredit } from '../machines/credit.ts';
import { type LeaseGrant, topics } from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { leaseWish } from '../rating/credit/lease-wish.ts';
import type { Connection } from './connection.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly contract: Contract;
  readonly ports: Pick<AgentPorts, 'clock' | 'journal'>;
  readonly turns: Turns;
  readonly ledger: Ledger;
  readonly connection: Connection;
};

/** Credit comes down before it is needed (C-3). */
export interface LeaseRoad {
  centralReached(): void;
  epochBegan(): void;
  granted(grant: LeaseGrant): void;
  /** Spending, reserving or a lease has changed the account. */
  accountChanged(): void;
  stop(): void;
}

export function createLeaseRoad({ config, contract, ports, turns, ledger, connection }: Needs): LeaseRoad {
  const { clock, journal } = ports;
  const device = config.device.id;
  const on = topics(config.tenant, device);
  const timers = createTimers<'wish'>(clock, turns);
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

  return {
    centralReached: () => credit.hear({ on: 'central-reached' }),
    epochBegan: () => credit.hear({ on: 'epoch-began' }),
    granted({ epoch, request, lease }) {
      const state = credit.state();
      if (epoch !== ledger.epoch() || state.at !== 'wishing' || request !== `${epoch}-${state.granted + 1}`) return;
      if (lease === null) return credit.hear({ on: 'wish-declined' });
      if (lease.cycle > ledger.account().cycle) ledger.append({ kind: 'cycle-opened', cycle: lease.cycle });
      timers.clear('wish');
      credit.hear({ on: 'lease-received' });
      ledger.append({ kind: 'lease-received', lease });
    },
    accountChanged: () => credit.hear({ on: 'account-changed', wish: leaseWish(ledger.account(), contract) }),
    stop: () => timers.stop(),
  };
}
