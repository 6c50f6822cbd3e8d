import type { LeaseRequest } from '../../agent/model/messages.ts';
import type { Lease } from '../../agent/model/record.ts';
import { afterGrant, emptyExposure, grant } from '../../agent/rating/credit/account-cap.ts';
import { atMost, type Credit, less, NO_CREDIT } from '../../agent/rating/credit/credit.ts';
import { fullLease } from '../../agent/rating/credit/lease-wish.ts';
import { recallFrom } from './recalls.ts';
import { grantTo } from './replies.ts';
import { marketOf, mayHold, newest } from './shares.ts';
import {
  type Answer,
  type CentralEffect,
  type CentralInput,
  type CentralState,
  type Enrolled,
  exposureKey,
  keep,
  type Loan,
  streamKey,
  type World,
  warn,
} from './words.ts';

type LeaseRequested = Extract<CentralInput, { on: 'lease-requested' }>;

/**
 * C-3: lends what the account still has in its open cycle, to each of its sites by need. The same request is answered with
 * the same lease. What is not there is recalled from sites that hold more than they need; the site asks again.
 */
export function lend(state: CentralState, { site, request, now }: LeaseRequested, world: World): Answer {
  const id = leaseId(request, world);
  const wanted: Credit = { ticks: request.wantTicks, bundleSeconds: request.wantBundleSeconds };
  const contract = newest(site);
  const account = state.accounts[site.account];
  const market = marketOf(state, site.account, world, { site, epoch: request.epoch, wish: wanted });
  if (account === undefined || market === undefined || contract === undefined) {
    return [state, [warn({ of: 'account-unknown', device: site.device, account: site.account })]];
  }
  const at = market.holders.findIndex((holder) => holder.site.device === site.device);
  const share = market.holders.length > 1 ? market.shares[at] : undefined;
  const known = state.loans[id];
  if (known !== undefined) return [state, [grantTo(site, request, known.lease, share)]];
  const key = exposureKey(site.account, account.cycle);
  const exposure = state.exposures[key] ?? emptyExposure();
  const wish = atMost(wanted, fullLease(contract));
  const fair = less(mayHold(market, at, wanted), market.holders[at]?.free ?? NO_CREDIT);
  const lent = grant(exposure, atMost(wish, fair), market.limit.ticks, market.limit.bundleSeconds);
  const recalls = recallFrom(market, less(wish, lent), site.device);
  if (lent.ticks === 0 && lent.bundleSeconds === 0) return refuse(state, site, request, [share, ...recalls]);
  const lease: Lease = { id, account: site.account, cycle: account.cycle, ...lent };
  const loan = loanOf(state, request, lease);
  const after = {
    ...state,
    loans: { ...state.loans, [id]: loan },
    exposures: { ...state.exposures, [key]: afterGrant(exposure, lent) },
  };
  return [after, [keep({ keep: 'loan', loan, at: now }), grantTo(site, request, lease, share), ...recalls]];
}

/** Nothing is kept of a refusal: the same request is considered anew once credit is there again. */
function refuse(
  state: CentralState,
  site: Enrolled,
  request: LeaseRequest,
  [share, ...recalls]: readonly [Credit | undefined, ...CentralEffect[]],
): Answer {
  const warning = warn({ of: 'lease-refused', device: site.device, request: request.request, why: 'cap-reached' });
  return [state, [grantTo(site, request, null, share), ...recalls, warning]];
}

const loanOf = (state: CentralState, { device, epoch, request }: LeaseRequest, lease: Lease): Loan => ({
  lease,
  device,
  epoch,
  request,
  grantedAfter: state.streams[streamKey(device, epoch)]?.size ?? 0,
  returned: NO_CREDIT,
});

/** A request has one lease, whenever it is asked. The parts are lengths first, so that no two requests spell the same. */
function leaseId({ device, epoch, request }: LeaseRequest, world: World): string {
  const spelled = [device, epoch, request].map((part) => `${part.length}:${part}`).join('');
  return world.sha256hex(spelled).slice(0, 32);
}
