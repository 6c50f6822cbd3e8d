import type { Deck } from '../../agent/model/deck.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import type { Order } from './order.ts';
import type { Problem } from './problem.ts';

/**
 * R-1, C-3: each line has a plan of the price list, and the bundles of an account are one: the seconds that the central
 * lends to its sites have no line's name on them.
 */
export function planProblems(order: Order, tariff: Deck, others: readonly SiteConfig[]): readonly Problem[] {
  const known = new Map(tariff.plans.map((plan) => [plan.id, plan]));
  const bundles = new Set(bundlesElsewhere(order, others));
  return order.lines.flatMap(({ plan: id }, index) => {
    const field = `lines[${index}].plan`;
    const plan = known.get(id);
    if (plan === undefined) {
      const remedy = `no such plan in ${tariff.id}; known: ${[...known.keys()].toSorted().join(', ')}`;
      return [{ field, value: id, remedy }];
    }
    if (plan.voice.is !== 'bundle') return [];
    if (plan.voice.shared === 'line') {
      const remedy =
        'a bundle of one line cannot be lent to a site (C-3); choose a plan whose bundle the account shares';
      return [{ field, value: id, remedy }];
    }
    bundles.add(id);
    if (bundles.size === 1) return [];
    const remedy = `the lines of an account share one bundle (C-3), and it has ${[...bundles].join(' and ')}; choose one`;
    return [{ field, value: id, remedy }];
  });
}

/** Bundle plans of the account's other sites. */
const bundlesElsewhere = (order: Order, others: readonly SiteConfig[]): readonly string[] =>
  others
    .filter(({ account, device }) => account.id === order.account.id && device.id !== order.device.id)
    .flatMap(({ lines, tariff }) => lines.map(({ plan }) => tariff.plans.find(({ id }) => id === plan)))
    .flatMap((plan) => (plan?.voice.is === 'bundle' ? [plan.id] : []));
