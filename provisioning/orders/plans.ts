import type { Deck } from '../../agent/model/deck.ts';
import type { Numbering } from '../../agent/model/numbering.ts';
import type { SiteConfig } from '../../agent/model/site-config.ts';
import { zonesOf } from '../../agent/rating/numbering/classify.ts';
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

/** P-4: a zone that the numbering table does not know would be a zone without territories, and its prices without use. */
export function zoneProblems(tariff: Deck, numbering: Numbering): readonly Problem[] {
  const known = zonesOf(numbering);
  return namedZones(tariff)
    .filter(([, zone]) => !known.includes(zone))
    .map(([field, zone]) => ({
      field: `tariff.${field}`,
      value: zone,
      remedy: `no such zone in ${numbering.id}; known: ${known.join(', ')}`,
    }));
}

function namedZones(tariff: Deck): readonly (readonly [field: string, zone: string])[] {
  const lists = ['voice', 'roamingVoice', 'sms', 'mms', 'fax', 'data'] as const;
  const prices = lists.flatMap((list) =>
    tariff[list].flatMap((price, at) => {
      const places = [...('for' in price ? [price.for] : []), ...('visited' in price ? [price.visited] : [])];
      return places.flatMap((place) =>
        place !== undefined && 'zone' in place && place.zone !== undefined
          ? [[`${list}[${at}]`, place.zone] as const]
          : [],
      );
    }),
  );
  const plans = tariff.plans.flatMap(({ likeHome, data }, at) =>
    [...likeHome, ...(data?.zones ?? [])].map((zone) => [`plans[${at}]`, zone] as const),
  );
  return [...prices, ...plans];
}

/** Bundle plans of the account's other sites. */
const bundlesElsewhere = (order: Order, others: readonly SiteConfig[]): readonly string[] =>
  others
    .filter(({ account, device }) => account.id === order.account.id && device.id !== order.device.id)
    .flatMap(({ lines, tariff }) => lines.map(({ plan }) => tariff.plans.find(({ id }) => id === plan)))
    .flatMap((plan) => (plan?.voice.is === 'bundle' ? [plan.id] : []));
