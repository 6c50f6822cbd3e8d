import { TICKS_PER_MICRO_EURO } from '../../agent/model/units.ts';
import { emptyExposure, outstanding } from '../../agent/rating/credit/account-cap.ts';
import { available } from '../../agent/rating/credit/available.ts';
import { bundleSecondsOf, type Contract } from '../../agent/rating/credit/contract.ts';
import { atMost, type Credit, less, NO_CREDIT, plus } from '../../agent/rating/credit/credit.ts';
import { fairShares } from '../../agent/rating/credit/fair-share.ts';
import { fullLease, leaseTarget } from '../../agent/rating/credit/lease-wish.ts';
import { share as shareOf } from '../../agent/rating/share.ts';
import {
  type Book,
  type CentralState,
  type Enrolled,
  emptyStream,
  exposureKey,
  streamKey,
  type World,
} from './words.ts';

/** A site of the account as its records show it: what it holds free, and what it should hold or asks for. */
export type Holder = {
  readonly site: Enrolled;
  readonly epoch: string;
  readonly free: Credit;
  readonly need: Credit;
  /** What it should hold by its records alone. */
  readonly target: Credit;
  /** A call was refused for want of credit, and none has come since. */
  readonly limited: boolean;
};

/** The credit of one account's open cycle, and who of its sites may hold how much of it (C-3). */
export type Market = {
  /** The most that may be out: the cap of C-1 and the bundles of all lines. */
  readonly limit: Credit;
  /** More is out than that: the cap was lowered. */
  readonly over: boolean;
  readonly holders: readonly Holder[];
  /** By `holders`: what each may have of everything that is neither spent nor held by running calls. */
  readonly levels: readonly Credit[];
  /** By `holders`: what each may hold while all are idle, where there are several. */
  readonly shares: readonly (Credit | undefined)[];
};

/** What a site asks for beside what its records show. */
type Asked = { readonly site: Enrolled; readonly epoch: string; readonly wish: Credit };

/**
 * Policy only: what is shared out is what the records that are held show, which may be behind; that the cap holds never
 * depends on it. Undefined when the account is not known.
 */
export function marketOf(state: CentralState, account: string, world: World, asked?: Asked): Market | undefined {
  const entry = state.accounts[account];
  if (entry === undefined) return undefined;
  const sites = sitesOf(world.book, account);
  const limit: Credit = {
    ticks: entry.capMicroEuro * TICKS_PER_MICRO_EURO,
    bundleSeconds: sites.reduce((sum, site) => sum + bundleOf(newest(site)), 0),
  };
  const out = outstanding(state.exposures[exposureKey(account, entry.cycle)] ?? emptyExposure());
  const holders = sites.flatMap((site) => holderOf(state, site, entry.cycle, asked));
  const free = holders.reduce<Credit>((sum, holder) => plus(sum, holder.free), NO_CREDIT);
  const spent = less(out, free);
  const toShare = less(limit, spent);
  const over = out.ticks > limit.ticks || out.bundleSeconds > limit.bundleSeconds;
  const levels = splitAmong(toShare, holders);
  const idle = atMost(toShare, partOf(limit, sites));
  const shares = holders.length > 1 ? splitAmong(idle, holders) : holders.map(() => (over ? levels[0] : undefined));
  return { limit, over, holders, levels, shares };
}

export const sitesOf = (book: Book, account: string): readonly Enrolled[] =>
  [...book.values()].filter((site) => site.account === account);

export const newest = ({ contracts }: Enrolled): Contract | undefined => contracts.get(Math.max(...contracts.keys()));

const bundleOf = (contract: Contract | undefined): number => (contract === undefined ? 0 : bundleSecondsOf(contract));

/** In the epoch that it speaks of, or named when it last said hello; a site that was never heard of needs nothing yet. */
function holderOf(state: CentralState, site: Enrolled, cycle: number, asked?: Asked): readonly Holder[] {
  const asks = asked?.site.device === site.device ? asked : undefined;
  const epoch = asks?.epoch ?? state.greeted[site.device];
  const contract = newest(site);
  if (epoch === undefined || contract === undefined) return [];
  const { account, disputed } = state.streams[streamKey(site.device, epoch)] ?? emptyStream();
  const free = account.cycle === cycle && !disputed ? available(account) : NO_CREDIT;
  const target = leaseTarget(account, contract);
  // It knows more of itself than its records have told yet.
  const need =
    asks === undefined ? target : most(target, atMost(plus(free, asks.wish), most(fullLease(contract), free)));
  return [{ site, epoch, free, need, target, limited: account.limited }];
}

const most = (one: Credit, other: Credit): Credit => plus(one, less(other, one));

function splitAmong(credit: Credit, holders: readonly Holder[]): readonly Credit[] {
  const ticks = fairShares(
    credit.ticks,
    holders.map(({ need }) => need.ticks),
  );
  const seconds = fairShares(
    credit.bundleSeconds,
    holders.map(({ need }) => need.bundleSeconds),
  );
  return holders.map((_, at) => ({ ticks: ticks[at] ?? 0, bundleSeconds: seconds[at] ?? 0 }));
}

/** The share of cap and bundle that idle sites may hold, by the regime of the account. */
function partOf(limit: Credit, [site]: readonly Enrolled[]): Credit {
  const percent = (site && newest(site)?.regime.lease.idlePercent) ?? 100;
  return {
    ticks: shareOf(limit.ticks, percent, 100, 'down'),
    bundleSeconds: shareOf(limit.bundleSeconds, percent, 100, 'down'),
  };
}

/**
 * What a site that asks may hold: of every kind its share, and its fair level where it needs more than its records show,
 * as after a call that was refused.
 */
export function mayHold(market: Market, at: number, asked: Credit): Credit {
  const holder = market.holders[at];
  const level = market.levels[at] ?? NO_CREDIT;
  const share = market.shares[at] ?? level;
  if (holder === undefined) return NO_CREDIT;
  const wanted = plus(holder.free, asked);
  return {
    ticks: wanted.ticks > holder.target.ticks ? level.ticks : share.ticks,
    bundleSeconds: wanted.bundleSeconds > holder.target.bundleSeconds ? level.bundleSeconds : share.bundleSeconds,
  };
}
