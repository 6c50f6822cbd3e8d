import type { ProbeNews } from '../machines/failover.ts';
import { type Millis, millis } from '../model/units.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { Probes } from '../ports/probes.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly clock: Clock;
  readonly probes: Probes;
  readonly turns: Turns;
  readonly links: { readonly main: string; readonly second: string };
  readonly pace: { readonly active: Millis; readonly idle: Millis; readonly patience: Millis };
  /** Is a call up? Then the links are watched more closely. */
  readonly busy: () => boolean;
  readonly hear: (news: ProbeNews) => void;
};

export type LinkSight = {
  readonly answered: number;
  readonly lost: number;
  readonly lastRttMicros: number | undefined;
};

/** Sends probes over both links and turns answers and silence into news. */
export interface Prober {
  /** The pace may have changed: probe now rather than at the idle pace. */
  quicken(): void;
  sight(link: string): LinkSight;
  stop(): void;
}

const UNSEEN: LinkSight = { answered: 0, lost: 0, lastRttMicros: undefined };

export function createProber(needs: Needs): Prober {
  const { clock, probes, turns, links, pace } = needs;
  const roles = ['main', 'second'] as const;
  const sights = new Map<string, LinkSight>();
  /** Questions that still wait for their answer. */
  const open = new Set<string>();
  let sequence = 0;
  let pending: Cancel = () => undefined;
  let quick = false;
  let stopped = false;

  const note = (link: string, change: (sight: LinkSight) => LinkSight): void => {
    sights.set(link, change(sights.get(link) ?? UNSEEN));
  };

  probes.open((answer) => {
    if (stopped) return;
    const role = roles.find((candidate) => links[candidate] === answer.link);
    const key = `${answer.link} ${answer.sequence}`;
    if (role === undefined || !open.has(key)) return;
    open.delete(key);
    note(answer.link, (sight) => ({ ...sight, answered: sight.answered + 1, lastRttMicros: answer.rttMicros }));
    turns(() => needs.hear({ on: 'probe-answered', link: role, now: clock.mono() }));
  });

  /** Who is still waiting when patience ends was not answered. */
  const judge = (asked: number): void => {
    if (stopped) return;
    for (const role of roles) {
      if (!open.delete(`${links[role]} ${asked}`)) continue;
      note(links[role], (sight) => ({ ...sight, lost: sight.lost + 1 }));
      turns(() => needs.hear({ on: 'probe-lost', link: role, now: clock.mono() }));
    }
  };

  const round = (): void => {
    sequence = (sequence + 1) % 2 ** 32;
    const asked = sequence;
    for (const role of roles) {
      open.add(`${links[role]} ${asked}`);
      probes.send(links[role], asked);
    }
    clock.after(pace.patience, () => judge(asked));
    quick = needs.busy();
    pending = clock.after(quick ? pace.active : pace.idle, round);
  };
  pending = clock.after(millis(0), round);

  return {
    quicken() {
      if (stopped || quick || !needs.busy()) return;
      pending();
      round();
    },
    sight: (link) => sights.get(link) ?? UNSEEN,
    stop() {
      stopped = true;
      pending();
    },
  };
}
