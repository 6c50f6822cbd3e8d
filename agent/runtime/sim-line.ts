import type { SimOrder } from '../model/sim-swap.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Ledger } from './ledger.ts';
import { createLocalProfiles } from './local-profiles.ts';
import { createSwapDesk } from './swap-desk.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly ports: AgentPorts;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append' | 'hasRoom'>;
};

/** The mobile line of the site: its card is changed on order, and what a restart broke off is finished or undone (S-1, S-2). */
export interface SimLine {
  ordered(order: SimOrder): void;
  stop(): void;
}

/** Nothing where the box has no modem. */
export function createSimLine({ ports, turns, ledger }: Needs): SimLine | undefined {
  const { sim, clock, journal } = ports;
  if (sim === undefined) return undefined;
  const profiles = createLocalProfiles({ channel: sim.apdus, https: sim.https, clock });
  const desk = createSwapDesk({
    hands: {
      modem: sim.modem,
      profiles,
      // Nobody is there to be asked: who ordered the profile wants it.
      downloading: { consent: (_, answer) => answer(undefined) },
    },
    journal: sim.journal,
    clock,
    record: (report, done) =>
      turns(() => (ledger.hasRoom() ? ledger.append(report, () => done('kept')) : done('no-room'))),
    told: (news) => {
      if (news.step === 'refused') journal.fault('an order for the mobile line was refused', { ...news });
      else if (news.step === 'ended' || news.step === 'foreign-card') journal.fault('the mobile line', { ...news });
    },
    damaged: () => journal.fault('the journal of card swaps could not be read; a new one begins', {}),
  });
  sim.restarted(() => desk.restarted());
  return { ordered: (order) => desk.order(order), stop: () => desk.stop() };
}
