import type { Deck, Plan } from '../../agent/model/deck.ts';
import type { Regime } from '../../agent/model/regime.ts';
import type { Order } from './order.ts';
import type { Problem } from './problem.ts';

type Books = { readonly tariff: Deck; readonly regime: Regime };

/**
 * F-6 (imesit mobile 2.1; cmi mobile 1.1; nexis 10; networth 7.1.1): may the SIM of a mobile link be in a gateway, and
 * when? Its plan says so (`routerUse`), else the contract for all plans; the link is refused with the condition that fails.
 */
export function simLinkProblems(order: Order, books: Books): readonly Problem[] {
  return order.links.flatMap((link, index) => [
    ...simProblems(link, `links[${index}]`, books),
    ...(link.kind === 'mobile' ? useProblems(order, index, books) : []),
  ]);
}

type Link = Order['links'][number];

/** What is said of a SIM needs one, and a plan that exists. */
function simProblems({ sim, line }: Link, field: string, { tariff }: Books): readonly Problem[] {
  if (sim === undefined) return [];
  const remedy = 'says things of a SIM that the link does not have; name its line in "line"';
  const without = line === undefined ? [{ field: `${field}.sim`, value: sim, remedy }] : [];
  if (sim.plan === undefined || tariff.plans.some(({ id }) => id === sim.plan)) return without;
  const known = tariff.plans.map(({ id }) => id).toSorted();
  const missing = `no such plan in ${tariff.id}; known: ${known.join(', ')}`;
  return [...without, { field: `${field}.sim.plan`, value: sim.plan, remedy: missing }];
}

function useProblems(order: Order, index: number, { tariff, regime }: Books): readonly Problem[] {
  const link = order.links[index];
  if (link === undefined) return [];
  const plan = planOf(order, link, tariff);
  const { value, article } = regime.sim.routerUse;
  const use = plan?.routerUse ?? value;
  const by = plan?.routerUse === undefined ? `${regime.id}, ${article}` : `the plan ${plan.id}`;
  const field = `links[${index}].kind`;
  if (use === 'forbidden') {
    const remedy = `a SIM in a gateway is forbidden by ${by} (F-6); choose a plan whose routerUse is "allowed" or "failover-only", or another kind of access`;
    return [{ field, value: plan?.id ?? link.kind, remedy }];
  }
  const carriesDataElsewhere = order.links.some((other) => other.kind !== 'mobile' && other.use === 'shared');
  if (use === 'allowed' || link.use === 'voice-dedicated' || carriesDataElsewhere) return [];
  const remedy = `data would always take this link, and ${by} lets it pass only while the main access is down (F-6); make the main link "shared", or this one "voice-dedicated"`;
  return [{ field: `links[${index}].use`, value: link.use, remedy }];
}

function planOf({ lines }: Order, { line, sim }: Link, { plans }: Deck): Plan | undefined {
  const id = lines.find(({ number }) => number === line)?.plan ?? sim?.plan;
  return plans.find((plan) => plan.id === id);
}
