import type { Class } from '../../model/destination.ts';
import type { Regime } from '../../model/regime.ts';
import { place } from '../book/place.ts';
import type { CallPrice } from '../deck/call-price.ts';
import { type Contract, holdingOf, pricedAt } from './contract.ts';

export type Direction = 'outgoing' | 'incoming';

/** A call as it is asked for: who calls whom, in any form, and the wall clock (Unix ms). */
export type Wanted = {
  readonly direction: Direction;
  readonly caller: string;
  readonly called: string;
  readonly at: number;
};

/** The terms of one call, fixed at its start: a later regime or tariff does not change a call that is running. */
export type Terms = {
  /** Regime and version, such as "mie@1". */
  readonly regime: string;
  readonly direction: Direction;
  readonly number: string;
  readonly class: Class;
  readonly territory: string | undefined;
  /** Absent: it costs nothing, or it has no price and no way out. */
  readonly price: CallPrice | undefined;
  readonly free: boolean;
  readonly inBundle: boolean;
  /** seconds after which the service ends. */
  readonly longest: number | undefined;
  readonly credit: Regime['credit']['kind']['value'];
  /** C-4 */
  readonly cut: boolean;
  /** The articles that say how a call is counted, and that its amount is limited. */
  readonly countingArticle: string;
  readonly limitArticle: string;
};

/** where a call goes and what it costs, by the very rules of the account's book. */
export function termsOf(contract: Contract, { direction, caller, called, at }: Wanted): Terms {
  const outgoing = direction === 'outgoing';
  const holding = holdingOf(contract, outgoing ? caller : called);
  const party = outgoing ? called : caller;
  const use = {
    kind: 'call',
    id: '',
    line: holding.line.number,
    at: pricedAt(contract, at),
    direction,
    party,
  } as const;
  const { destination, treatment } = place({ ...use, seconds: 0, forwarded: false }, holding);
  const { regime } = contract;
  // what leaves a fax line is charged by the page, so its call costs nothing.
  const isFax = outgoing && contract.faxLines?.has(holding.line.number) === true && treatment.is === 'call';
  const priced = treatment.is === 'call' && !isFax ? treatment : undefined;
  const unlimited = priced?.within === 'unlimited' || priced?.within === 'limited';
  return {
    regime: `${regime.id}@${regime.version}`,
    direction,
    number: destination?.number ?? party,
    class: destination?.class ?? 'invalid',
    territory: destination?.territory,
    price: unlimited ? undefined : priced?.price,
    free: isFax || unlimited || (treatment.is === 'nothing' && treatment.rule !== 'no-price'),
    inBundle: priced?.within === 'bundle',
    longest: priced?.longest,
    credit: regime.credit.kind.value,
    cut: regime.credit.cut_running_calls.value,
    countingArticle: regime.articles.metered ?? '',
    limitArticle: (regime.credit.limitMicroEuro ?? regime.credit.kind).article,
  };
}

/** Incoming, emergency and free calls need no credit at all (C-1, V-1). */
export const needsCredit = (terms: Terms): boolean => terms.direction === 'outgoing' && !terms.free;
