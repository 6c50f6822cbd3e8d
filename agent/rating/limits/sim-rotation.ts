import type { LimitUse } from '../../model/limit-use.ts';
import type { LimitRule } from '../../model/limits.ts';
import type { Standing } from '../../model/signal.ts';
import { isAbroad } from './abroad.ts';
import { byInstant } from './known-uses.ts';
import { type Level, signalsOf, standingOf } from './signals.ts';

const DAY = 86_400_000;

export type ClientCards = {
  readonly client: string;
  /** Cards of the client and when each was activated; a card told twice was activated at the earlier instant. */
  readonly activations: readonly { readonly card: string; readonly at: number }[];
  /** Uses of all lines of the client that count (`countedUses`). */
  readonly uses: readonly LimitUse[];
  readonly now: number;
};

/**
 * S-13 (nexis 16, fourth indicator): cards of one client that were activated one after another and came into use
 * abroad soon after. The level is the number of such cards whose first use abroad lies in the window up to each.
 */
export function simRotation(client: ClientCards, { value, article }: LimitRule<'simRotation'>): Standing {
  const debuts = debutsOf(client, value.withinDays * DAY);
  const levels = debuts.map(({ use }, index): Level => {
    const inWindow = debuts.slice(0, index + 1).filter((other) => other.use.at > use.at - value.windowDays * DAY);
    return { at: use.at, cause: use.id, measured: inWindow.length, limit: 0 };
  });
  const about = { rule: 'S-13', article, scope: 'client', subject: client.client, unit: 'count' } as const;
  return standingOf(levels, signalsOf(levels, value.steps, about));
}

/** The first use abroad of each card that was activated not long before, oldest first. */
function debutsOf({ activations, uses, now }: ClientCards, within: number): readonly LimitUse[] {
  const activated = new Map(activations.toSorted((a, b) => b.at - a.at).map(({ card, at }) => [card, at]));
  const first = new Map<string, LimitUse>();
  for (const one of uses.filter((use) => isAbroad(use) && use.use.at <= now).toSorted(byInstant)) {
    const at = one.card === undefined ? undefined : activated.get(one.card);
    if (one.card === undefined || at === undefined || at > one.use.at || first.has(one.card)) continue;
    first.set(one.card, one);
  }
  return [...first.values()].filter((one) => one.use.at - (activated.get(one.card ?? '') ?? 0) <= within);
}
