import type { Regime } from '../../model/regime.ts';
import type { DestinationClass } from '../../model/tariff.ts';
import { destinationOf } from '../destination.ts';
import { type Price, priceOf } from '../price.ts';
import type { Contract } from './contract.ts';

export type Direction = 'outgoing' | 'incoming';

/** The terms of one call, fixed at its start: a later regime or tariff does not change a call that is running. */
export type Terms = {
  /** Regime and version, such as "mie@1". */
  readonly regime: string;
  readonly direction: Direction;
  readonly number: string;
  readonly class: DestinationClass;
  readonly price: Price;
  readonly setupFeeDue: Regime['cap']['setup_fee_due'];
  /** The articles that say how a call is counted, and that its amount is limited. */
  readonly countingArticle: string;
  readonly limitArticle: string;
};

export function termsOf(contract: Contract, dialled: string, direction: Direction): Terms {
  const { regime, tariff, onNet } = contract;
  const destination = destinationOf(dialled, tariff, onNet);
  return {
    regime: `${regime.id}@${regime.version}`,
    direction,
    number: destination.number,
    class: destination.class,
    price: priceOf(destination),
    setupFeeDue: regime.cap.setup_fee_due,
    countingArticle: regime.bundleSeconds.article,
    limitArticle: (regime.credit.limitMicroEuro ?? regime.credit.kind).article,
  };
}

/** Incoming, emergency and free calls need no credit at all (C-1, V-1). */
export const needsCredit = (terms: Terms): boolean => terms.direction === 'outgoing' && !terms.price.free;
