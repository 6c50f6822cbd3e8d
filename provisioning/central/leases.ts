import type { LeaseRequest } from '../../agent/model/messages.ts';
import type { Lease } from '../../agent/model/record.ts';
import { TICKS_PER_MICRO_EURO } from '../../agent/model/units.ts';
import { afterGrant, emptyExposure, grant } from '../../agent/rating/credit/account-cap.ts';
import { bundleSecondsOf, type Contract } from '../../agent/rating/credit/contract.ts';
import { atMost, type Credit, NO_CREDIT } from '../../agent/rating/credit/credit.ts';
import { grantTo } from './replies.ts';
import {
  type Answer,
  type Book,
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

/** C-3: lends what the account still has in its open cycle. The same request is answered with the same lease. */
export function lend(state: CentralState, { site, request, now }: LeaseRequested, world: World): Answer {
  const id = leaseId(request, world);
  const known = state.loans[id];
  if (known !== undefined) return [state, [grantTo(site, request, known.lease)]];
  const account = state.accounts[site.account];
  if (account === undefined) {
    return [state, [warn({ of: 'account-unknown', device: site.device, account: site.account })]];
  }
  const key = exposureKey(site.account, account.cycle);
  const exposure = state.exposures[key] ?? emptyExposure();
  const full = fullLease(site, world.book);
  const wish = atMost({ ticks: request.wantTicks, bundleSeconds: request.wantBundleSeconds }, full.lease);
  const lent = grant(exposure, wish, account.capMicroEuro * TICKS_PER_MICRO_EURO, full.bundleSeconds);
  if (lent.ticks === 0 && lent.bundleSeconds === 0) return refuse(state, site, request);
  const lease: Lease = { id, account: site.account, cycle: account.cycle, ...lent };
  const loan = loanOf(state, request, lease);
  const after = {
    ...state,
    loans: { ...state.loans, [id]: loan },
    exposures: { ...state.exposures, [key]: afterGrant(exposure, lent) },
  };
  return [after, [keep({ keep: 'loan', loan, at: now }), grantTo(site, request, lease)]];
}

/** Nothing is kept of a refusal: the same request is considered anew once the cap is raised or the month is new. */
function refuse(state: CentralState, site: Enrolled, request: LeaseRequest): Answer {
  const warning = warn({ of: 'lease-refused', device: site.device, request: request.request, why: 'cap-reached' });
  return [state, [grantTo(site, request, null), warning]];
}

/** The most that one lease may be, and the whole bundle of the account, by the newest contract of each of its sites. */
function fullLease(site: Enrolled, book: Book): { readonly lease: Credit; readonly bundleSeconds: number } {
  const contract = newest(site);
  if (contract === undefined) return { lease: NO_CREDIT, bundleSeconds: 0 };
  const { microEuro, bundleSeconds } = contract.regime.lease;
  const whole = [...book.values()]
    .filter(({ account }) => account === site.account)
    .reduce((sum, one) => sum + bundleOf(newest(one)), 0);
  return { lease: { ticks: microEuro * TICKS_PER_MICRO_EURO, bundleSeconds }, bundleSeconds: whole };
}

const newest = ({ contracts }: Enrolled): Contract | undefined => contracts.get(Math.max(...contracts.keys()));

const bundleOf = (contract: Contract | undefined): number => (contract === undefined ? 0 : bundleSecondsOf(contract));

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
