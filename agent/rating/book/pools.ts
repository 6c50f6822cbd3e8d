import type { AccountLine } from '../../model/account.ts';
import type { Deck, Plan } from '../../model/deck.ts';
import type { Period } from '../calendar/cycles.ts';
import { startOfDay } from '../calendar/paris.ts';
import { whole } from '../whole.ts';
import { deckOn, type Prepared } from './context.ts';

/** M2: the bundles of all lines with one plan are one pool, or each line has its own. */
export function poolOf(plan: Plan, line: AccountLine): string {
  return plan.voice.is === 'bundle' && plan.voice.shared === 'line' ? `${plan.id} ${line.number}` : plan.id;
}

/** the seconds with which each pool is full when a month begins: every line that has the plan in it brings its own. */
export function poolsOf(month: Period, prepared: Prepared): Readonly<Record<string, number>> {
  const pools: Record<string, number> = {};
  for (const line of prepared.context.account.lines) {
    for (const plan of plansIn(month, line, prepared)) {
      if (plan.voice.is !== 'bundle') continue;
      const pool = poolOf(plan, line);
      pools[pool] = whole((pools[pool] ?? 0) + plan.voice.seconds);
    }
  }
  return pools;
}

/** The plans that a line has for some time of a month, each once. */
function plansIn(month: Period, line: AccountLine, prepared: Prepared): readonly Plan[] {
  const from = Math.max(month.start, startOfDay(line.from));
  const until = Math.min(month.end, line.until === undefined ? month.end : startOfDay(line.until, 1));
  if (from >= until) return [];
  const changes = line.plans.map((plan) => ({ ...plan, start: startOfDay(plan.from) }));
  const first = changes.filter(({ start }) => start <= from).toSorted((a, b) => b.start - a.start)[0];
  const later = changes.filter(({ start }) => start > from && start < until);
  const found = [...(first === undefined ? [] : [{ ...first, start: from }]), ...later];
  const plans = found.map(({ plan, start }) => planIn(deckOn(prepared, start), plan));
  return [...new Map(plans.flatMap((plan) => (plan === undefined ? [] : [[plan.id, plan] as const]))).values()];
}

const planIn = (deck: Deck | undefined, id: string): Plan | undefined => deck?.plans.find((plan) => plan.id === id);
