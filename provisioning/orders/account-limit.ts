import type { Regime } from '../../agent/model/regime.ts';
import { readEuro } from '../euro.ts';
import type { Order } from './order.ts';
import type { Problem } from './problem.ts';

/** Stands for "no limit" where a contract sets none: 100,000 € a cycle, the most that an account can hold. */
const WITHOUT_LIMIT = 100_000_000_000;

type Limit = { readonly microEuro: number | undefined; readonly problems: readonly Problem[] };

/**
 * C-1, C-2: what the account may owe: the order's own amount, else what the account has, else the regime's. A credit
 * threshold is set per client (imesit 3.2, cmi 8.3), so a regime may have none to offer; then the order has to name it.
 */
export function accountLimit(order: Order, regime: Regime, known: number | undefined): Limit {
  const ordered = order.account.capEuro === undefined ? undefined : readEuro(order.account.capEuro);
  const { kind, limitMicroEuro } = regime.credit;
  const byContract = kind.value === 'none' ? WITHOUT_LIMIT : limitMicroEuro?.value;
  const microEuro = ordered ?? known ?? byContract;
  if (microEuro !== undefined) return { microEuro, problems: [] };
  const remedy = `the regime ${regime.id} sets a limit per client (${kind.article}); write its amount, such as "500"`;
  return { microEuro, problems: [{ field: 'account.capEuro', value: order.account.capEuro, remedy }] };
}
