import {
  type LinkEffect,
  type LinkNews,
  type LinkWatch,
  type LostLinks,
  startLinkWatch,
  stepLinkWatch,
  type WatchTimes,
} from '../machines/link-watch.ts';
import type { LampStates } from '../model/board.ts';
import type { LedgerRecord } from '../model/record.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import type { Steering } from '../ports/network.ts';
import type { Ledger } from './ledger.ts';
import { createMachine } from './machine.ts';

type Needs = {
  readonly ports: Pick<AgentPorts, 'clock' | 'journal' | 'boot'>;
  readonly ledger: Pick<Ledger, 'append'>;
  /** The links that are watched. */
  readonly links: readonly string[];
  readonly times: WatchTimes;
  /** Lost when the agent was last alive. */
  readonly before: LostLinks;
  /** What the links carry now. */
  readonly steering: () => Steering;
  readonly calls: () => number;
  /** What the lamps of the box show, where that is known (G-2). */
  readonly lamps: () => LampStates | undefined;
};

/** Writes into the unalterable record when a link was lost and when it was back (G-6). */
export function createOutageEvidence(needs: Needs): (link: string, news: LinkNews) => void {
  const { ports, ledger, links, times } = needs;
  const machines = new Map(links.map((link) => [link, createWatch(link)]));
  const stands = (link: string): boolean => machines.get(link)?.state().at === 'standing';

  function createWatch(link: string) {
    return createMachine<LinkWatch, LinkNews, LinkEffect>({
      name: `link ${link}`,
      start: startLinkWatch(ports.clock.mono(), ports.boot.id, needs.before.get(link)),
      step: (state, news) => stepLinkWatch(state, news, times),
      perform: (effect) => tell(link, effect),
      clock: ports.clock,
      journal: ports.journal,
    });
  }

  function tell(link: string, effect: LinkEffect): void {
    // A record's instants are whole milliseconds of the clock that its own clock block shows.
    const since = Math.floor(effect.since);
    if (effect.do === 'tell-returned') return ledger.append({ kind: 'link-returned', link, since });
    const { voice, data } = needs.steering();
    const lamps = needs.lamps();
    ledger.append({
      kind: 'link-lost',
      link,
      since,
      probes: effect.probes,
      carried: [...(voice === link ? (['voice'] as const) : []), ...(data === link ? (['data'] as const) : [])],
      standing: links.filter((other) => other !== link && stands(other)),
      calls: needs.calls(),
      ...(lamps && { lamps }),
    });
  }

  return (link, news) => machines.get(link)?.hear(news);
}

/** What the record says of the mains; a new epoch knows nothing of before. */
export function noteMains(before: boolean | undefined, { event }: LedgerRecord): boolean | undefined {
  if (event.kind === 'epoch-opened') return undefined;
  return event.kind === 'mains-lost' ? false : event.kind === 'mains-returned' ? true : before;
}
