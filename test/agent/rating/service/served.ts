import { readFileSync } from 'node:fs';
import { GuaranteedServiceSchema } from '../../../../agent/model/account-services.ts';
import { type Regime, RegimeSchema } from '../../../../agent/model/regime.ts';
import type { Served } from '../../../../agent/rating/service/credit-words.ts';
import type { Incident } from '../../../../agent/rating/service/incidents.ts';

export type Operator = 'imesit' | 'cmi' | 'mie' | 'nexis';

export const regimeOf = (id: Operator): Regime =>
  RegimeSchema.parse(
    JSON.parse(readFileSync(new URL(`../../../../provisioning/regimes/${id}.json`, import.meta.url), 'utf8')),
  );

/** A winter's day and time in Paris. */
export const paris = (text: string): number => Date.parse(`${text}+01:00`);

/** An access of 90 euro a month under the regime of an operator, in service for ever. */
export function servedBy(
  operator: Operator,
  { service = {}, ...more }: Partial<Omit<Served, 'service'>> & { readonly service?: Record<string, unknown> } = {},
): Served {
  const regime = regimeOf(operator);
  return {
    service: GuaranteedServiceSchema.parse({
      ...{ id: 'access', label: 'access', device: 'box', link: 'main', access: 'sdsl' },
      ...{ from: '2026-01-01', monthlyMicroEuro: 90_000_000 },
      ...service,
    }),
    regimeAt: () => regime,
    usageIn: () => 0,
    life: { from: 0, to: Number.POSITIVE_INFINITY },
    unpaid: [],
    ceilingYearOf: () => '2026',
    ...more,
  };
}

/** Between two instants of Paris, reported when it began and restarted at once. */
export function incident(from: string, to: string, more: Partial<Incident> = {}): Incident {
  const times = { from: paris(from), to: paris(to), reported: paris(from), restarted: paris(from) };
  return { ...times, total: true, open: false, excused: [], claimed: undefined, dated: true, ...more };
}
