import type { FaxBegun, FaxEnded, FaxPage } from '../../model/fax-events.ts';
import type { LedgerRecord } from '../../model/record.ts';
import { whole, wholeTicks } from '../whole.ts';
import { available } from './available.ts';
import { burnt } from './burn.ts';
import type { Charge } from './charge.ts';
import type { Contract } from './contract.ts';
import { type Credit, plus } from './credit.ts';
import { pageTermsOf } from './page-terms.ts';
import type { Folded, SiteAccount } from './site-account.ts';

/** A fax that is on its way out: the price of a page, and the credit set aside for the next one. */
export type RunningFax = {
  readonly fax: string;
  /** "mie@1", and the article of what is charged. */
  readonly regime: string;
  readonly article: string;
  readonly class: Charge['class'];
  readonly number: string;
  /** Ticks; undefined where the number has no price. */
  readonly perPage: number | undefined;
  /** Whether a page that the credit does not cover may not go out (C-1, M6); else it is charged all the same (C-2, C-4). */
  readonly gated: boolean;
  /** Ticks set aside for the next page, of the credit of that cycle. */
  readonly held: number;
  readonly cycle: number;
  readonly pages: number;
  readonly charged: number;
};

const ticksOnly = (ticks: number): Credit => ({ ticks, bundleSeconds: 0 });

/** X-5, M6: whether the next page of a fax is paid for. Of one that the account does not know nothing is. */
export function isNextPagePaid({ faxes }: SiteAccount, fax: string): boolean {
  const running = faxes.find((one) => one.fax === fax);
  if (running?.perPage === undefined) return false;
  return !running.gated || running.perPage === 0 || running.held > 0;
}

/** Whether a fax may begin on the credit that is left: one page must fit (M6), or where there is only a threshold anything (C-2). */
export function isPageCovered(account: SiteAccount, contract: Contract, perPage: number): boolean {
  if (perPage === 0 || contract.regime.credit.kind.value === 'none') return true;
  if (contract.regime.cap.sticky && account.limited) return false;
  const { ticks } = available(account);
  return isGated(contract) ? ticks >= perPage : ticks > 0;
}

const isGated = ({ regime }: Contract): boolean =>
  regime.credit.kind.value !== 'none' && regime.credit.cut_running_calls.value;

export function afterFaxBegun(account: SiteAccount, begun: FaxBegun, contract: Contract, at: number): SiteAccount {
  if (begun.direction === 'received' || account.faxes.some(({ fax }) => fax === begun.fax)) return account;
  const { call, perPage } = pageTermsOf(contract, { caller: begun.line, called: begun.party, at });
  const fresh: RunningFax = {
    ...{ fax: begun.fax, regime: call.regime, article: contract.regime.articles.fax ?? '', class: call.class },
    ...{ number: call.number, perPage, gated: isGated(contract), held: 0, cycle: account.cycle, pages: 0, charged: 0 },
  };
  return { ...account, faxes: [...account.faxes, holding(account, contract, fresh)] };
}

/** The credit of the next page, where it fits. */
function holding(account: SiteAccount, contract: Contract, fax: RunningFax): RunningFax {
  const { perPage = 0, gated } = fax;
  const others = { ...account, faxes: account.faxes.filter((one) => one.fax !== fax.fax) };
  const fits = gated && perPage > 0 && isPageCovered(others, contract, perPage);
  return { ...fax, cycle: account.cycle, held: fits ? perPage : 0 };
}

/** A page is charged when its reception is confirmed, once however often it is told; what nothing was held for is nobody's debt. */
export function afterFaxPage(account: SiteAccount, { fax, page, direction }: FaxPage, contract: Contract): SiteAccount {
  const running = account.faxes.find((one) => one.fax === fax);
  if (running === undefined || page <= running.pages || direction === 'received') return account;
  const price = running.gated ? running.held : (running.perPage ?? 0);
  const isOfCycle = !running.gated || running.cycle === account.cycle;
  const paid = { ...running, pages: page, charged: whole(running.charged + price), held: 0 };
  const charged: SiteAccount = {
    ...account,
    burn: burnt(account.burn, ticksOnly(price)),
    charged: isOfCycle ? plus(account.charged, ticksOnly(price)) : account.charged,
    faxes: account.faxes.map((one) => (one === running ? paid : one)),
  };
  const next = holding(charged, contract, paid);
  return { ...charged, faxes: charged.faxes.map((one) => (one === paid ? next : one)) };
}

export function afterFaxEnded(account: SiteAccount, record: LedgerRecord, ended: FaxEnded): Folded {
  const running = account.faxes.find(({ fax }) => fax === ended.fax);
  const after: SiteAccount = {
    ...account,
    faxes: account.faxes.filter((one) => one !== running),
    limited: account.limited || ended.outcome === 'cap-reached',
  };
  if (running === undefined || running.pages === 0 || running.class === 'emergency')
    return { account: after, charge: undefined };
  const charge = chargeOf(record, running);
  const charges = { ...plus(account.charges, ticksOnly(charge.ticks)), count: whole(account.charges.count + 1) };
  return { account: { ...after, charges }, charge };
}

function chargeOf({ device, epoch, seq }: LedgerRecord, fax: RunningFax): Charge {
  const { pages, charged, perPage = 0 } = fax;
  const short = charged < perPage * pages ? ', no more than was held' : '';
  return {
    ...{ device, epoch, seq, call: fax.fax, class: fax.class, called: fax.number },
    ...{ bundleSeconds: 0, paidSeconds: 0, ticks: wholeTicks(charged) },
    rule: `${fax.regime} fax, ${pages} ${pages === 1 ? 'page' : 'pages'}${short}`,
    article: fax.article,
  };
}
