import type { Telemetry } from '../model/messages.ts';
import { millis, minutes, seconds } from '../model/units.ts';
import type { AgentPorts } from '../ports/agent-ports.ts';
import { civilDay, parisDay, parisInstant, writeDay } from '../rating/calendar/paris.ts';
import type { Contract } from '../rating/credit/contract.ts';
import { ordersOf } from '../rating/limits/orders.ts';
import { limitBegun, limitEnded, type SiteLimits } from '../rating/limits/site-limits.ts';
import { figuresOn, siteSignals, uncountedDays } from '../rating/limits/site-signals.ts';
import type { Ledger } from './ledger.ts';
import { createTimers } from './timers.ts';
import type { Turns } from './turns.ts';

type Needs = {
  readonly contract: Contract;
  readonly ports: Pick<AgentPorts, 'clock' | 'boot' | 'journal'>;
  readonly turns: Turns;
  readonly ledger: Pick<Ledger, 'append' | 'limits' | 'openCalls'>;
  /** Support should hear of it soon. */
  readonly tellSupport: () => void;
};

/** Keeps the limits of the contract from the site's own records, with or without a central (C-1, C-2, C-6, R-8, S-6, S-7, V-4, V-7, X-4). */
export interface LimitWatch {
  /** The records came to something else. */
  changed(): void;
  /** What is carried out now, for support. */
  sight(): NonNullable<Telemetry['limits']>;
  stop(): void;
}

/** Several records that come at once are looked at once. */
const SOON = seconds(1);
/** A wall clock may be put right while nobody looks. */
const AT_LEAST = minutes(15);
/** Room in a telemetry message; the records have all of them. */
const MOST_TOLD = 50;

/** Parts of the fold that a rule looks at. */
const WATCHED = ['lines', 'faxes', 'money', 'data'] as const;

export function createLimitWatch({ contract, ports, turns, ledger, tellSupport }: Needs): LimitWatch {
  const { clock, boot, journal } = ports;
  const timers = createTimers<'soon' | 'later'>(clock, turns);
  let seen: SiteLimits | undefined;
  let waiting = false;

  function look(): void {
    waiting = false;
    const now = Math.floor(clock.wall());
    const next = Math.min(nextMidnight(now), nextEdge(ledger.limits(), now));
    timers.set('later', millis(Math.min(AT_LEAST, Math.max(1, next - now))), look);
    // Without the time nothing begins and nothing ends: what was carried out stays.
    if (boot.quality() === 'never') return;
    countDays(now);
    const limits = ledger.limits();
    seen = limits;
    const orders = ordersOf(limits.inForce, siteSignals(limits, contract, now), now);
    for (const { order, signal } of orders) {
      ledger.append(order === 'begin' ? limitBegun(signal) : limitEnded(signal));
      const { rule, article, subject, measured, limit, unit, action } = signal;
      const fields = { rule, article, subject, measured, limit, unit, action: action.name };
      journal.fault(
        order === 'begin' ? 'a limit of the contract is reached' : 'a limit of the contract holds no more',
        fields,
      );
    }
    if (orders.length > 0) tellSupport();
  }

  /** V-4: a day is over when it is, and every call that began on it. */
  function countDays(now: number): void {
    const open = [...ledger.openCalls().values()].map(({ told }) => parisDay(told.facts.startedAt.wall));
    const before = Math.min(parisDay(now), ...open);
    for (const day of uncountedDays(ledger.limits(), before)) {
      const figures = figuresOn(ledger.limits(), contract, day);
      if (figures === undefined) continue;
      const { attempts, answered, seconds: talked } = figures;
      ledger.append({ kind: 'day-counted', day: writeDay(civilDay(day)), attempts, answered, seconds: talked });
    }
  }

  look();
  return {
    changed() {
      const next = ledger.limits();
      if (waiting || (seen !== undefined && WATCHED.every((part) => seen?.[part] === next[part]))) return;
      waiting = true;
      timers.set('soon', SOON, look);
    },
    sight: () =>
      ledger
        .limits()
        .inForce.slice(0, MOST_TOLD)
        .map(({ rule, subject, action, at, measured, limit, unit }) => ({
          ...{ rule, subject, action: action.name, since: at, measured, limit, unit },
        })),
    stop: () => timers.stop(),
  };
}

const nextMidnight = (now: number): number => parisInstant(parisDay(now) + 1);

/** S-6: a waiver begins or ends at its own instant. */
const nextEdge = ({ data }: Pick<SiteLimits, 'data'>, now: number): number =>
  Object.values(data)
    .flatMap(({ waivers }) => waivers.flatMap(({ from, until }) => (until === undefined ? [from] : [from, until])))
    .reduce((next, at) => (at > now ? Math.min(next, at) : next), Number.POSITIVE_INFINITY);
