import type { FaxTraffic } from '../machines/fax-traffic.ts';
import type { Class } from '../model/destination.ts';
import type { FaxOutcomeCode } from '../model/fax-events.ts';
import type { Signal } from '../model/signal.ts';
import { type Contract, holdingOf } from '../rating/credit/contract.ts';
import { type PageTerms, pageTermsOf } from '../rating/credit/page-terms.ts';
import type { SiteAccount } from '../rating/credit/site-account.ts';
import { isPageCovered } from '../rating/credit/site-faxes.ts';
import { isSuspended } from '../rating/credit/suspended.ts';
import { nextFaxAt } from '../rating/limits/mass-fax.ts';
import { limitedBy } from '../rating/policy/limited.ts';
import type { CallPolicy } from './call-policy.ts';

export type FaxJudgment = { readonly class: Class; readonly refused: FaxOutcomeCode | undefined };

type Site = {
  readonly account: SiteAccount;
  readonly contract: Contract;
  readonly policy: Pick<CallPolicy, 'barred'>;
  readonly inForce: readonly Signal[];
  readonly traffic: FaxTraffic;
  /** False on a box that has not learned the time since it was switched on. */
  readonly clockKnown: boolean;
  /** Whether the record of a fax would come to the medium. */
  readonly recording: boolean;
};

/** `at`: wall clock, Unix ms. */
export type FaxWanted = { readonly line: string; readonly dialled: string; readonly at: number };

/** What a record says of the other end of a fax; of one that comes in nothing else is asked. */
export const classOfFax = (contract: Contract, { line, dialled, at }: FaxWanted): Class =>
  pageTermsOf(contract, { caller: line, called: dialled, at }).call.class;

/**
 * May this fax go out? Emergency before everything else (V-1), then what is suspended (C-5) and mass fax, the limits that are
 * reached (C-1, C-2, C-6), the pace of the account, what is barred (V-6), whether there is a price, room for the record (U-1), and
 * last the credit of one page (M6, C-3).
 */
export function judgeFax(wanted: FaxWanted, site: Site): FaxJudgment {
  const terms = pageTermsOf(site.contract, { caller: wanted.line, called: wanted.dialled, at: wanted.at });
  return { class: terms.call.class, refused: refusalOf(wanted, terms, site) };
}

function refusalOf(wanted: FaxWanted, { call, perPage }: PageTerms, site: Site): FaxOutcomeCode | undefined {
  if (call.class === 'emergency') return undefined;
  const { account, contract, inForce } = site;
  const line = holdingOf(contract, wanted.line).line.number;
  const at = site.clockKnown ? wanted.at : Number.MAX_SAFE_INTEGER;
  if (isSuspended(account.suspensions, call, line, at)) return 'suspended';
  const barsFax = inForce.find(({ action }) => action.name === 'suspend-fax');
  if (barsFax !== undefined) return barsFax.rule === 'X-4' ? 'mass-fax' : 'suspended';
  const limited = limitedBy(inForce, call, line);
  if (limited !== undefined) return limited === 'refused-outside-bundle' ? 'cap-reached' : 'limit-reached';
  const soon = paceOf(wanted.at, site);
  if (soon !== undefined) return soon;
  if (site.policy.barred(call, wanted.at) !== undefined) return 'number-barred';
  if (perPage === undefined) return 'number-unknown';
  if (!site.recording) return 'no-room-for-record';
  return isPageCovered(account, contract, perPage) ? undefined : 'cap-reached';
}

/** X-3, where the contract has such a rule. */
function paceOf(now: number, { contract, traffic }: Site): FaxOutcomeCode | undefined {
  const pace = contract.regime.limits.faxPace?.value;
  if (pace === undefined || nextFaxAt(traffic.sent, pace, now) === now) return undefined;
  const underWay = traffic.sent.filter(({ endsAt = Number.POSITIVE_INFINITY }) => endsAt > now).length;
  return pace.atOnce !== undefined && underWay >= pace.atOnce ? 'two-at-a-time' : 'one-a-minute';
}
