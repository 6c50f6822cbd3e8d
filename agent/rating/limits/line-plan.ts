import type { Plan } from '../../model/deck.ts';
import type { Contract } from '../credit/contract.ts';

/** The plan of the mobile line, by the price list that travels with the configuration; undefined: nobody named one. */
export function planOf({ account, tariff, simPlan }: Contract, line: string): Plan | undefined {
  const plan = account.lines.find(({ number }) => number === line)?.plans.at(-1)?.plan ?? simPlan;
  return tariff.plans.find(({ id }) => id === plan);
}
