import { type Regime, RegimeSchema } from '../../../agent/model/regime.ts';
import { readJson } from '../../../provisioning/json-file.ts';
import { folder } from '../example.ts';

/** The five operators, in the order of the requirements. */
export const OPERATORS = ['imesit', 'cmi', 'mie', 'nexis', 'networth'] as const;

export const shippedPath = (id: string): string => folder(`regimes/${id}.json`);

export function shippedContract(id: string): { readonly regime: Regime; readonly raw: unknown } {
  const raw = readJson(shippedPath(id));
  return { regime: RegimeSchema.parse(raw), raw };
}
