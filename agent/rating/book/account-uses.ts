import type { Usage } from '../../model/usage.ts';
import type { Prepared } from './context.ts';
import { witnessOfData } from './data-witness.ts';
import { isLate } from './late.ts';
import { type Reconciled, reconcile } from './reconcile.ts';
import { type Aside, byIdAndReason, byInstant, type Received, settle } from './settle.ts';

/** `source`: who kept the record; the account's own sites where it is absent. */
export type Witnessed = Received & { readonly source?: 'site' | 'host' };

export type AccountUses = Pick<Reconciled, 'uses' | 'twice'> & { readonly aside: readonly Aside[] };

/**
 * The uses of an account that count, from all records that came of it: each once, corrected, in time (U-5, U-7), and of a
 * call or of data that site and host recorded the one that the contract believes. A function of the set of records.
 */
export function accountUses(
  records: readonly Witnessed[],
  prepared: Prepared,
  canonical: (use: Usage) => string,
): AccountUses {
  const settled = settle(records, { isLate: isLate(prepared), canonical });
  const hosts = new Set(records.filter(({ source }) => source === 'host').map(({ use }) => use.id));
  const isHosts = ({ id }: Usage): boolean => hosts.has(id);
  const { uses: called, twice, held } = reconcile(settled.uses, isHosts, prepared);
  const { uses, superseded } = witnessOfData(called, isHosts);
  const aside: Aside[] = [
    ...settled.aside,
    ...held.map((id): Aside => ({ id, why: 'held' })),
    ...superseded.map((id): Aside => ({ id, why: 'other-evidence' })),
  ];
  for (const { site, host, wins } of twice) {
    aside.push({ id: host.id, why: wins === undefined ? 'held' : 'other-evidence' });
    if (wins === undefined) aside.push({ id: site.id, why: 'held' });
  }
  return { uses: uses.toSorted(byInstant), twice, aside: aside.toSorted(byIdAndReason) };
}
