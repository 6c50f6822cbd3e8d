import type { Credit } from '../../agent/rating/credit/credit.ts';
import { recallTo } from './replies.ts';
import { type Holder, type Market, marketOf } from './shares.ts';
import type { CentralEffect, CentralState, Enrolled, World } from './words.ts';

/** C-3: others of the account want what is not there: whoever is known to hold more than its level gives it back now. */
export function recallFrom(market: Market, short: Credit, except: string): readonly CentralEffect[] {
  return market.holders.flatMap((holder, at) => {
    const level = market.levels[at];
    if (level === undefined || holder.site.device === except || !holdsOf(short, holder.free, level)) return [];
    return [recallTo(holder.site, holder.epoch, level, true)];
  });
}

/** What a site is told when it is heard: said again for as long as it holds too much, or less than it may. */
export function recallIfOver(state: CentralState, site: Enrolled, world: World): readonly CentralEffect[] {
  const market = marketOf(state, site.account, world);
  return market === undefined ? [] : market.holders.flatMap((holder, at) => tellShare(market, holder, at, site));
}

/** Support has changed a cap: every site that is known to hold too much is told at once. */
export function recallAll(state: CentralState, account: string, world: World): readonly CentralEffect[] {
  const market = marketOf(state, account, world);
  return market === undefined ? [] : market.holders.flatMap((holder, at) => tellShare(market, holder, at));
}

/** Credit has come back: sites that lack some are told, so that they ask again before their patience ends. */
export function inviteWishes(
  state: CentralState,
  account: string,
  world: World,
  except?: string,
): readonly CentralEffect[] {
  const market = marketOf(state, account, world);
  if (market === undefined || market.over) return [];
  return market.holders.flatMap(({ site, epoch, free, need, limited }, at) => {
    const level = market.shares[at] ?? market.levels[at];
    const lacks = limited || isLow(free.ticks, need.ticks) || isLow(free.bundleSeconds, need.bundleSeconds);
    return level === undefined || site.device === except || !lacks ? [] : [recallTo(site, epoch, level, false)];
  });
}

function tellShare(market: Market, holder: Holder, at: number, only?: Enrolled): readonly CentralEffect[] {
  const share = market.shares[at];
  if (share === undefined || (only !== undefined && only.device !== holder.site.device)) return [];
  const { free } = holder;
  const tooMuch = free.ticks > share.ticks || free.bundleSeconds > share.bundleSeconds;
  const tooLittle = isLow(free.ticks, share.ticks) || isLow(free.bundleSeconds, share.bundleSeconds);
  return tooMuch || tooLittle ? [recallTo(holder.site, holder.epoch, share, market.over)] : [];
}

/** Does a site hold more than its level of the very kind that is short? */
const holdsOf = (short: Credit, free: Credit, level: Credit): boolean =>
  (short.ticks > 0 && free.ticks > level.ticks) ||
  (short.bundleSeconds > 0 && free.bundleSeconds > level.bundleSeconds);

/** The same for every regime: a hint costs one message, and the site decides by its own rule whether it asks. */
const isLow = (free: number, need: number): boolean => free * 2 < need;
