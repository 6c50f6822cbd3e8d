import type { Usage } from '../../model/usage.ts';
import { byInstant } from '../corrections.ts';
import type { Prepared } from './context.ts';
import { witnessOfData } from './data-witness.ts';
import { isLate } from './late.ts';
import { type Reconciled, reconcile } from './reconcile.ts';
import { type Aside, byIdAndReason, type Received, settle } from './settle.ts';
import { NO_VERDICTS, type Verdicts } from './verdicts.ts';

/** `source`: who kept the record; the account's own sites where it is absent. */
export type Witnessed = Received & { readonly source?: 'site' | 'host' };

export type AccountUses = Pick<Reconciled, 'uses' | 'twice'> & { readonly aside: readonly Aside[] };

/**
 * The uses of an account that count, from all records that came of it: each once, corrected, in time (U-5, U-7), and of a
 * call or of data that site and host recorded the one that the contract believes. What waits for somebody to look follows
 * the `verdicts` of who has looked. A function of the sets of records and decisions.
 */
export function accountUses(
  records: readonly Witnessed[],
  prepared: Prepared,
  canonical: (use: Usage) => string,
  verdicts: Verdicts = NO_VERDICTS,
): AccountUses {
  const settled = settle(records, { isLate: isLate(prepared), canonical });
  const hosts = new Set(records.filter(({ source }) => source === 'host').map(({ use }) => use.id));
  const isHosts = ({ id }: Usage): boolean => hosts.has(id);
  const { uses: called, twice, held, waived } = reconcile(settled.uses, isHosts, prepared, verdicts);
  const { uses, superseded } = witnessOfData(called, isHosts);
  const aside: Aside[] = [...settled.aside];
  for (const id of held) aside.push({ id, why: 'held' });
  for (const id of waived) aside.push({ id, why: 'waived' });
  for (const id of superseded) aside.push({ id, why: 'other-evidence' });
  for (const { site, host, wins } of twice) {
    const why = wins === undefined ? 'held' : wins === 'nobody' ? 'waived' : 'other-evidence';
    aside.push({ id: host.id, why });
    if (why !== 'other-evidence') aside.push({ id: site.id, why });
  }
  return { uses: uses.toSorted(byInstant), twice, aside: aside.toSorted(byIdAndReason) };
}
