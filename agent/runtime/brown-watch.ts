import {
  type BrownEffect,
  type BrownNews,
  type BrownOut,
  type Reported,
  startBrownOut,
  stepBrownOut,
} from '../machines/brown-out.ts';
import type { FailoverNews } from '../machines/failover.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import { createMachine } from './machine.ts';
import type { ProbeEye } from './prober.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'clock' | 'journal'>;
  readonly roleOf: (link: string) => 'main' | 'second';
  readonly carries: (link: string) => boolean;
  /** What running calls tell of the link that carries them. */
  readonly reported: (link: string) => Reported | undefined;
  readonly hear: (news: FailoverNews) => void;
};

/** Rates both links by their probes and running calls, and tells when calls are unusable on one of them (F-3, Q-5). */
export function createBrownWatch({ ports, roleOf, carries, reported, hear }: Needs): ProbeEye {
  const { clock, journal } = ports;
  const machine = createMachine<BrownOut, BrownNews, BrownEffect>({
    name: 'brown-out',
    start: startBrownOut(),
    step: stepBrownOut,
    perform: ({ do: what, link }) =>
      hear({ on: 'link-judged', link, usable: what === 'tell-usable', now: clock.mono() }),
    clock,
    journal,
  });
  const see = (link: string, roundTrip: BrownNews['roundTrip']): void =>
    machine.hear({
      link: roleOf(link),
      carries: carries(link),
      now: clock.mono(),
      roundTrip,
      reported: reported(link),
    });
  return {
    asked: () => undefined,
    answered: (link, _, roundTrip) => see(link, roundTrip),
    lost: (link) => see(link, undefined),
  };
}
