import {
  type Budget,
  type BudgetEffect,
  type BudgetEvent,
  type BudgetLimits,
  heldBy,
  startBudget,
  stepBudget,
  TRICKLE_BYTES,
} from '../machines/budget.ts';
import type { Telemetry, Urgency } from '../model/messages.ts';
import type { SiteConfig } from '../model/site-config.ts';
import { minutes } from '../model/units.ts';
import { wireBytes } from '../model/wire-bytes.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import { createMachine } from './machine.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly config: SiteConfig;
  readonly ports: Pick<AgentPorts, 'clock' | 'boot' | 'journal' | 'uplink' | 'dayCounts'>;
  readonly turns: Turns;
  readonly link: string;
  readonly hold: (urgencies: readonly Urgency[]) => void;
  /** The bytes of a link's day are spent. */
  readonly spent: () => void;
};

/** Counts what the uplink really sent and heard, by the link that it ran over, and keeps to the bytes of a day. */
export interface Metering {
  /** To be called whenever something may have gone over the wire, and said what was handed over. */
  count(sent?: Urgency): void;
  /** The connection runs over another link from here on. */
  moved(link: string): void;
  /** Bytes that one envelope of records may have. */
  envelope(): number;
  sight(): NonNullable<Telemetry['metered']>;
  stop(): void;
}

const EVERY = minutes(1);

export function createMetering({ config, ports, turns, link, hold, spent }: Needs): Metering {
  const { clock, boot, journal, uplink, dayCounts } = ports;
  const limits = limitsOf(config);
  const timers = createTimers<'count' | 'trickle'>(clock, turns);
  const now = () => ({ wall: clock.wall(), mono: clock.mono(), trusted: boot.quality() !== 'never' });
  let counted = wireBytes(uplink.use());
  const budget = createMachine<Budget, BudgetEvent, BudgetEffect>({
    name: 'budget',
    start: startBudget(link, limits, dayCounts.read(), now()),
    step: (state, event) => stepBudget(state, event, limits),
    perform,
    clock,
    journal,
  });

  function perform(effect: BudgetEffect): void {
    switch (effect.do) {
      case 'hold':
        return hold(effect.urgencies);
      case 'keep':
        return dayCounts.keep(effect.days);
      case 'tell':
        journal.fault('the bytes of this day are spent on a metered link; records go on in a trickle', {
          link: effect.link,
          spent: effect.spent,
          limit: effect.limit,
        });
        return spent();
      case 'wait':
        return timers.set('trickle', effect.for, () => budget.hear({ on: 'waited' }));
    }
  }

  function count(): void {
    const total = wireBytes(uplink.use());
    const bytes = total - counted;
    counted = total;
    if (limits[budget.state().link] !== undefined) budget.hear({ on: 'counted', bytes, now: now() });
  }

  const look = (): void => {
    timers.set('count', EVERY, look);
    count();
  };

  budget.hear({ on: 'moved', link, now: now() });
  hold(heldBy(budget.state()));
  timers.set('count', EVERY, look);
  return {
    count(sent) {
      count();
      if (sent !== undefined) budget.hear({ on: 'sent', urgency: sent });
    },
    moved(to) {
      count();
      budget.hear({ on: 'moved', link: to, now: now() });
    },
    envelope: () => (budget.state().at === 'trickling' ? TRICKLE_BYTES : Number.POSITIVE_INFINITY),
    sight: () =>
      Object.entries(budget.state().days).map(([name, day]) => ({
        ...{ link: name, spent: day.spent, limit: limits[name] ?? 0, trickling: day.spent >= (limits[name] ?? 0) },
      })),
    stop: () => timers.stop(),
  };
}

const limitsOf = ({ links }: SiteConfig): BudgetLimits =>
  Object.fromEntries(links.flatMap(({ name, metered }) => (metered ? [[name, metered.bytesPerDay]] : [])));
