import { place } from '../book/place.ts';
import { TICKS_OF_A_MICRO_EURO } from '../limits/signals.ts';
import { whole } from '../whole.ts';
import { type Contract, holdingOf, pricedAt } from './contract.ts';
import { type Terms, termsOf, type Wanted } from './terms.ts';

/** What a fax out of a line of the site costs, fixed at its start (X-5: by the page, by the country of destination). */
export type PageTerms = {
  /** As a call to that number would be judged: its class and territory, whether it costs anything, and no bundle. */
  readonly call: Terms;
  /** Ticks of one page; 0 where it is free, undefined where the price list has no way there. */
  readonly perPage: number | undefined;
};

/**
 * A plan with so many pages a month is not known at the site: its pages are held against the cap at their price, and the central's
 * statement puts them right.
 */
export function pageTermsOf(contract: Contract, wanted: Omit<Wanted, 'direction'>): PageTerms {
  const call = termsOf(contract, { ...wanted, direction: 'outgoing' });
  const holding = holdingOf(contract, wanted.caller);
  const use = {
    ...({ kind: 'fax', id: '', line: holding.line.number, at: pricedAt(contract, wanted.at) } as const),
    ...({ direction: 'outgoing', party: wanted.called, pages: 0 } as const),
  };
  const { treatment } = place(use, holding);
  const perPage = pricePerPage(treatment);
  return { call: { ...call, price: undefined, inBundle: false, longest: undefined, free: perPage === 0 }, perPage };
}

function pricePerPage(treatment: ReturnType<typeof place>['treatment']): number | undefined {
  if (treatment.is === 'nothing') return treatment.rule === 'no-price' ? undefined : 0;
  if (treatment.is !== 'units') return undefined;
  if (treatment.allowance === 'unlimited') return 0;
  return whole(treatment.named.perUnitMicroEuro * TICKS_OF_A_MICRO_EURO);
}
