import { describe, expect, test } from 'vitest';
import { DeckSchema } from '../../../agent/model/deck.ts';
import { type Regime, RegimeSchema } from '../../../agent/model/regime.ts';
import type { Order } from '../../../provisioning/orders/order.ts';
import { simLinkProblems } from '../../../provisioning/orders/sim-links.ts';
import { exampleOrder, regime, tariff as shipped } from '../example.ts';

const order = exampleOrder();
const [main, second] = order.links;
if (main === undefined || second === undefined) throw new Error('the example has two links');
const LINE = '+33612345003';
type Use = 'allowed' | 'failover-only' | 'forbidden';

const regimeOf = (use: Use): Regime =>
  RegimeSchema.parse({ ...regime, sim: { routerUse: { value: use, article: 'art. 10' } } });
const tariff = DeckSchema.parse({
  ...shipped,
  plans: [
    ...shipped.plans,
    ...(['allowed', 'failover-only', 'forbidden'] as const).map((routerUse) => ({
      ...{ id: `sim-${routerUse}`, name: routerUse, service: 'mobile', monthlyMicroEuro: 0, voice: { is: 'metered' } },
      routerUse,
    })),
  ],
});

/** What is wrong with an order whose second link has a SIM of that plan. */
function problems(by: Use, plan: string | undefined, links: Partial<Record<'main' | 'second', object>> = {}) {
  const sim = plan === undefined ? {} : { sim: { plan, orders: [] } };
  const changed: Order = {
    ...order,
    links: [
      { ...main, ...links.main } as Order['links'][number],
      { ...second, line: LINE, ...sim, ...links.second } as Order['links'][number],
    ],
  };
  return simLinkProblems(changed, { tariff, regime: regimeOf(by) });
}
const dedicated = { use: 'voice-dedicated' };

describe('F-6: a SIM in a gateway', () => {
  test.each<[string, Use, string | undefined, readonly string[]]>([
    ['a plan without router_use where the contract forbids it', 'forbidden', 'mobile-metered', ['links[1].kind']],
    ['no plan at all where the contract forbids it', 'forbidden', undefined, ['links[1].kind']],
    ['a plan that forbids it where the contract does not', 'allowed', 'sim-forbidden', ['links[1].kind']],
    ['a plan that allows it where the contract forbids it', 'forbidden', 'sim-allowed', []],
    ['a plan for failover where the contract forbids it', 'forbidden', 'sim-failover-only', []],
    ['a plan that says nothing where the contract says failover', 'failover-only', 'mobile-metered', []],
    ['a plan that nobody knows', 'allowed', 'no-such', ['links[1].sim.plan']],
  ])('%s', (_, by, plan, fields) => {
    expect(problems(by, plan).map(({ field }) => field)).toEqual(fields);
  });

  test('the refusal says which condition fails, by which article, and what to do', () => {
    expect(problems('forbidden', 'mobile-metered')[0]?.remedy).toMatch(
      /forbidden by mie, art\. 10 \(F-6\); choose a plan/,
    );
    expect(problems('allowed', 'sim-forbidden')[0]?.remedy).toMatch(/forbidden by the plan sim-forbidden/);
  });

  test('failover-only: data may not take the SIM while the main access stands', () => {
    expect(problems('failover-only', undefined, { main: dedicated }).map(({ field }) => field)).toEqual([
      'links[1].use',
    ]);
    expect(problems('failover-only', undefined, { main: dedicated, second: dedicated })).toEqual([]);
    expect(problems('allowed', undefined, { main: dedicated })).toEqual([]);
  });

  test('what is said of a SIM needs the line that it is of', () => {
    const found = problems('allowed', 'sim-allowed', { second: { line: undefined } });
    expect(found.map(({ field }) => field)).toEqual(['links[1].sim']);
  });
});
